using System.Data.Common;

namespace Decisioning.Cluster.Storage.Sql;

/// <summary>Statements with parameters by position: <c>$1</c>, <c>$2</c>, and so on, in both dialects.</summary>
internal static class SqlCommands
{
    /// <summary>A statement with its values. Numbers, texts, bytes (<see cref="ReadOnlyMemory{T}"/> too), or null.</summary>
    public static DbCommand Statement(this DbConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        bool named = connection is Microsoft.Data.Sqlite.SqliteConnection;
        for (int i = 0; i < values.Length; i++)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = named ? $"${i + 1}" : "";
            parameter.Value = ValueOf(values[i]);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Sets the values of a statement that is run again.</summary>
    public static DbCommand With(this DbCommand command, params ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = ValueOf(values[i]);
        }

        return command;
    }

    /// <summary>Runs a statement; the count of rows that it changed.</summary>
    public static async Task<int> RunAsync(this DbCommand command, CancellationToken cancellation)
    {
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The first column of the first row; null where there is none.</summary>
    public static async Task<long?> ReadNumberAsync(this DbCommand command, CancellationToken cancellation)
    {
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is { } value and not DBNull
                ? Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)
                : null;
        }
    }

    public static async Task<List<T>> ReadAllAsync<T>(this DbCommand command, Func<DbDataReader, T> row, CancellationToken cancellation)
    {
        await using (command.ConfigureAwait(false))
        {
            DbDataReader reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var rows = new List<T>();
                while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
                {
                    rows.Add(row(reader));
                }

                return rows;
            }
        }
    }

    /// <summary>Runs a statement without waiting asynchronously, for the catalogue's ports.</summary>
    public static int Run(this DbCommand command)
    {
        using (command)
        {
            return command.ExecuteNonQuery();
        }
    }

    public static List<T> ReadAll<T>(this DbCommand command, Func<DbDataReader, T> row)
    {
        using (command)
        {
            using DbDataReader reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(row(reader));
            }

            return rows;
        }
    }

    public static byte[] GetBytes(this DbDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    private static object ValueOf(object? value) => value switch
    {
        null => DBNull.Value,
        ReadOnlyMemory<byte> bytes => bytes.ToArray(),
        _ => value,
    };
}

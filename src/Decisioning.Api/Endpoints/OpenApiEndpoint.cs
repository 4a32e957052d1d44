using Microsoft.AspNetCore.Http;

namespace Decisioning.Api.Endpoints;

/// <summary><c>GET /openapi/v1.json</c>: the contract in full, written by hand beside the endpoints; a test holds the two together.</summary>
internal static class OpenApiEndpoint
{
    private static readonly byte[] Document = Load();

    public static async Task ReadAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Document.Length;
        await context.Response.Body.WriteAsync(Document, context.RequestAborted);
    }

    private static byte[] Load()
    {
        using Stream resource = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream("openapi.v1.json")
            ?? throw new InvalidOperationException("The OpenAPI document is not built in.");
        byte[] document = new byte[resource.Length];
        resource.ReadExactly(document);
        return document;
    }
}

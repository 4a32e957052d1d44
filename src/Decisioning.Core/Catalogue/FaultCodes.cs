namespace Decisioning.Core.Catalogue;

/// <summary>Stable codes of faults and warnings in catalogue documents, settings and industry tables.</summary>
public static class FaultCodes
{
    public const string MalformedJson = "malformed_json";
    public const string InvalidUtf8 = "invalid_utf8";
    public const string TooDeep = "too_deep";
    public const string DuplicateMember = "duplicate_member";
    public const string UnknownMember = "unknown_member";
    public const string MissingMember = "missing_member";
    public const string WrongType = "wrong_type";

    /// <summary>A name that is none of a fixed list: a stage, an event type, a format.</summary>
    public const string UnknownValue = "unknown_value";

    /// <summary>A reference to an entry that the document does not have.</summary>
    public const string UnknownId = "unknown_id";

    public const string BadId = "bad_id";
    public const string BadText = "bad_text";
    public const string BadMoney = "bad_money";
    public const string BadDuration = "bad_duration";
    public const string BadDate = "bad_date";
    public const string BadUrl = "bad_url";
    public const string BadSize = "bad_size";
    public const string BadTimeZone = "bad_time_zone";
    public const string BadCurrency = "bad_currency";
    public const string BadCountry = "bad_country";

    /// <summary>A number, amount or duration beyond its bounds, which the detail names.</summary>
    public const string OutOfRange = "out_of_range";

    /// <summary>More entries than the bound, which the detail names.</summary>
    public const string TooMany = "too_many";

    /// <summary>A list that must have something in it.</summary>
    public const string EmptyList = "empty_list";

    /// <summary>The same thing twice in a list that must not repeat.</summary>
    public const string Repeated = "repeated";

    /// <summary>Entries that refer to each other in a ring.</summary>
    public const string Cycle = "cycle";

    /// <summary>Dates, bounds or steps the wrong way round.</summary>
    public const string BadOrder = "bad_order";

    /// <summary>Shares that do not sum to 1.</summary>
    public const string BadSum = "bad_sum";

    /// <summary>An object that must state exactly one of several things states none or more.</summary>
    public const string OneOf = "one_of";

    /// <summary>A member that cannot change once the brand exists.</summary>
    public const string Fixed = "fixed";

    /// <summary>Warning: a pacing that is applied as <c>even</c> for now.</summary>
    public const string PacedAsEven = "paced_as_even";

    /// <summary>Warning: branches of a step, which are not followed for now.</summary>
    public const string NotFollowed = "not_followed";

    /// <summary>Warning: a flat price of which nothing, or not all, can be booked.</summary>
    public const string NotBooked = "not_booked";

    /// <summary>Warning: a step that nothing opens.</summary>
    public const string NeverOpen = "never_open";

    /// <summary>Warning: an industry that the server's table does not have.</summary>
    public const string UnknownIndustry = "unknown_industry";

    /// <summary>Warning: a member was left out whose default is fixed from now on.</summary>
    public const string FixedDefault = "fixed_default";
}

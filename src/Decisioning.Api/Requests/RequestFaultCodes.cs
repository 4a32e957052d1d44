namespace Decisioning.Api.Requests;

/// <summary>Codes of single faults within a <c>request.invalid</c> answer.</summary>
public static class RequestFaultCodes
{
    public const string WrongType = "wrong_type";
    public const string Missing = "missing";
    public const string DuplicateMember = "duplicate_member";
    public const string DuplicateValue = "duplicate_value";
    public const string UnknownValue = "unknown_value";
    public const string UnknownBrand = "unknown_brand";
    public const string TooLong = "too_long";
    public const string Empty = "empty";
    public const string TooMany = "too_many";
    public const string OutOfRange = "out_of_range";
    public const string BadFormat = "bad_format";
    public const string Unsupported = "unsupported";
}

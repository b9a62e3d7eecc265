package ecstest

import (
	"fmt"
	"net/http"
)

// apiError is a refusal: what the reply's status, Code and Message are.
type apiError struct {
	status  int
	code    string
	message string
}

// Codes that more than one place needs.
const (
	codeForbidden        = "Forbidden.RAM"
	codeInvalidParameter = "InvalidParameter"
)

// The document's own table, misspellings and empty messages included.
var (
	errTooManyIDs     = &apiError{http.StatusForbidden, "InvalidSnapshotIds.Malformed", "The amount of specified specified snapshot Ids exceeds the limit."}
	errFilterKey      = &apiError{http.StatusNotFound, "InvalidFilterKey.NotFound", ""}
	errFilterValue    = &apiError{http.StatusNotFound, "InvalidFilterValue", ""}
	errUsage          = &apiError{http.StatusNotFound, "InvalidUsage", "The specifed Usage is not valid"}
	errSourceDiskType = &apiError{http.StatusNotFound, "InvalidSourceDiskType", "The specifed SourceDiskType is not valid"}
	errStatus         = &apiError{http.StatusNotFound, "InvalidStatus.NotFound", "The specified Status is not found"}
	errSnapshotType   = &apiError{http.StatusNotFound, "InvalidSnapshotType.NotFound", "The specfied SnapshotType is not found"}
	errTagMismatch    = &apiError{http.StatusBadRequest, "InvalidTag.Mismatch", "The specified Tag.n.Key and Tag.n.Value are not match."}
	errTagCount       = &apiError{http.StatusBadRequest, "InvalidTagCount", "The specified tags are beyond the permitted range."}
	errInternal       = &apiError{http.StatusInternalServerError, "InternalError", "The request processing has failed due to some unknown error."}
	errSnapshotLink   = &apiError{http.StatusNotFound, "InvalidSnapshotLinkId.NotFound", "The specified snapshot link is not found."}
)

// What newer documents and sibling operations add.
var (
	errCategory      = &apiError{http.StatusForbidden, "InvalidSnapshotCategory.Malformed", "The specified snapshot category is not valid."}
	errTagKey        = &apiError{http.StatusBadRequest, "InvalidTagKey.Malformed", "The specified Tag.n.Key is not valid."}
	errTagValue      = &apiError{http.StatusBadRequest, "InvalidTagValue.Malformed", "The specified Tag.n.Value is not valid."}
	errDryRun        = &apiError{http.StatusBadRequest, "DryRunOperation", "Request validation has been passed with DryRun flag set."}
	errNoPageNumbers = &apiError{http.StatusBadRequest, "NotSupported.PageNumberAndPageSize", "The parameters PageNumber and PageSize are not supported. Use NextToken and MaxResults."}
)

// The gateway's.
var (
	errUnknownAction      = &apiError{http.StatusNotFound, "InvalidAction.NotFound", "Specified api is not found, please check your url and method."}
	errVersion            = &apiError{http.StatusBadRequest, "InvalidVersion", "Specified parameter Version is not valid."}
	errRegion             = &apiError{http.StatusNotFound, "InvalidRegionId.NotFound", "The RegionId provided does not exist in our records."}
	errTimestampFormat    = &apiError{http.StatusBadRequest, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted."}
	errTimestampExpired   = &apiError{http.StatusBadRequest, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."}
	errNonceUsed          = &apiError{http.StatusBadRequest, "SignatureNonceUsed", "Specified signature nonce was used already."}
	errIncompleteSigning  = &apiError{http.StatusBadRequest, "IncompleteSignature", "The request signature does not conform to Aliyun standards."}
	errUnknownKey         = &apiError{http.StatusNotFound, "InvalidAccessKeyId.NotFound", "Specified access key is not found."}
	errTokenExpired       = &apiError{http.StatusBadRequest, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired."}
	errTokenMalformed     = &apiError{http.StatusBadRequest, "InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed."}
	errTokenOfAnotherKey  = &apiError{http.StatusBadRequest, "InvalidSecurityToken.MismatchWithAccessKey", "Specified SecurityToken mismatch with the AccessKey."}
	errACS3               = &apiError{http.StatusBadRequest, "InvalidSignatureMethod", "Only signature version 1.0 of the RPC style is served here, not ACS3-HMAC-SHA256."}
	errHTTPMethod         = &apiError{http.StatusMethodNotAllowed, "UnsupportedHTTPMethod", "This http method is not supported."}
	errOIDCToken          = &apiError{http.StatusBadRequest, "AuthenticationFail.OIDCToken.Invalid", "The OIDC token is invalid."}
	errDuplicateParameter = invalidParameter("A parameter is given more than once.")
)

func missingParameter(name string) *apiError {
	return &apiError{
		http.StatusBadRequest, "MissingParameter",
		fmt.Sprintf("The input parameter %q that is mandatory for processing this request is not supplied.", name),
	}
}

func invalidParameter(format string, args ...any) *apiError {
	return &apiError{http.StatusBadRequest, codeInvalidParameter, fmt.Sprintf(format, args...)}
}

// badSignature repeats what was signed, key id and all, as the real service does.
func badSignature(stringToSign string) *apiError {
	return &apiError{
		http.StatusBadRequest, "SignatureDoesNotMatch",
		"Specified signature is not matched with our calculation. server string to sign is:" + stringToSign,
	}
}

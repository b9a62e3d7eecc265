package ecstest

import (
	"maps"
	"net/http"
	"slices"
)

// Refusal refuses with the status and the message that the vendor has for a code, which is one of RefusalCodes.
func Refusal(code string) Fault {
	err, ok := refusals[code]
	if !ok {
		panic("no refusal has the code " + code) // It is a test's own mistake.
	}
	return refuse(err)
}

// RefusalCodes are the codes that Refusal knows, sorted: of the document's table, of sibling actions, of the gateway, of
// permissions and of the account.
func RefusalCodes() []string { return slices.Sorted(maps.Keys(refusals)) }

var refusals = byCode(
	errTooManyIDs, errFilterKey, errFilterValue, errUsage, errSourceDiskType, errStatus, errSnapshotType, errTagMismatch,
	errTagCount, errInternal, errSnapshotLink, errCategory, errTagKey, errTagValue, errDryRun, errNoPageNumbers,
	errUnknownAction, errVersion, errRegion, errTimestampFormat, errTimestampExpired, errNonceUsed, errIncompleteSigning,
	errUnknownKey, errTokenExpired, errTokenMalformed, errTokenOfAnotherKey, errHTTPMethod, errACS3,

	&apiError{http.StatusBadRequest, "InValidParameter.NextToken", "The specified parameter NextToken is invalid."},

	// Where the region and the endpoint don't fit together, or one of them is wrong.
	&apiError{http.StatusNotFound, "InvalidOperation.NotSupportedEndpoint", "The specified endpoint cant operate this region. Please use API DescribeRegions to get the appropriate endpoint, or upgrade your SDK to latest version."},
	&apiError{http.StatusBadRequest, "InvalidRegionId", "The specified RegionId is invalid."},
	&apiError{http.StatusForbidden, "Unauthorized.EmptyRegion", "The specified account has no access authority to any region."},
	&apiError{http.StatusNotFound, "InvalidProduct.NotFound", "Cannot find product according to your specified domain."},
	&apiError{http.StatusNotFound, "InvalidApi.NotFound", "Specified api is not found, please check your url and method."},
	&apiError{http.StatusForbidden, "InvalidProtocol.NeedSsl", "Your request is denied as lack of ssl protect."},

	// Keys and permissions.
	&apiError{http.StatusBadRequest, "MissingSecurityToken", "SecurityToken is mandatory for this action."},
	&apiError{http.StatusBadRequest, "InvalidAccessKeyId.Inactive", "Specified access key is disabled."},
	&apiError{http.StatusForbidden, codeForbidden, "User not authorized to operate on the specified resource, or this API doesn't support RAM."},
	&apiError{http.StatusForbidden, "Forbidden", "User not authorized to operate on the specified resource."},
	&apiError{http.StatusForbidden, "NoPermission", "You are not authorized to do this action. You should be authorized by RAM."},

	// The account.
	&apiError{http.StatusForbidden, "Forbidden.RiskControl", "This operation is forbidden by Aliyun Risk Control system."},
	&apiError{http.StatusForbidden, "Forbidden.UserVerification", "Your user account is not verified by Aliyun."},
	&apiError{http.StatusBadRequest, "Account.Arrearage", "Your account has an outstanding payment."},
	&apiError{http.StatusBadRequest, "InsufficientBalance", "Your account does not have enough balance."},
	&apiError{http.StatusForbidden, "InvalidAccountStatus.NotEnoughBalance", "Your account does not have enough balance."},

	// What is over after a while.
	&apiError{http.StatusBadRequest, "Throttling", "Request was denied due to request throttling."},
	&apiError{http.StatusBadRequest, throttlingUser, "Request was denied due to user flow control."},
	&apiError{http.StatusBadRequest, "Throttling.Api", "Request was denied due to api flow control."},
	&apiError{http.StatusServiceUnavailable, "Degrade.Api", "The api is degraded at the moment."}, // The documents have no status for it.
	&apiError{http.StatusServiceUnavailable, "ServiceUnavailable", "The request has failed due to a temporary failure of the server."},
)

func byCode(errs ...*apiError) map[string]*apiError {
	table := make(map[string]*apiError, len(errs))
	for _, err := range errs {
		table[err.code] = err
	}
	return table
}

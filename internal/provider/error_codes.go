package provider

import (
	"regexp"
	"slices"
	"strings"
)

// advice is what a message says about error codes.
type advice struct {
	codes    []string // The codes' beginnings; of all rows, the longest that fits counts. Case doesn't.
	summary  string
	remedy   string
	argument string // The data source's argument at fault; "" if there is none.
	// hideMessage leaves out the API's own message, where it is only noise.
	hideMessage bool
}

// policy is the least that a RAM user or role needs.
const policy = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:DescribeSnapshots","Resource":"acs:ecs:*:*:snapshot/*"}]}`

const (
	changedRemedy = "Something between Terraform and the API changes or repeats requests, or this is a bug in the provider. Check the proxy and endpoints.ecs; else report it with the request ID."
	laterRemedy   = "All attempts failed. Run again later; if the error persists, give the request ID to Alibaba Cloud support."
	bugRemedy     = "This is a bug in the provider. Please report it with the request ID."
)

// generalCodes are the codes that no filter is at fault for: of DescribeSnapshots, of the
// gateway before it, of RAM and of the account. A filter has its own in filters.
var generalCodes = []advice{
	// Region and endpoint.
	{
		codes: []string{"InvalidRegionId"}, summary: "Unknown Region", argument: "region_id",
		remedy: "Check the spelling of the region, that the account may use it, and that endpoints.ecs, if set, serves it.",
	},
	{
		codes: []string{"Unauthorized.EmptyRegion", "UnauthorizedRegion", "RegionUnauthorized"}, summary: "Region Not Allowed", argument: "region_id",
		remedy: "The account may not use the region, or not yet. Check its spelling, and the account's regions in the console.",
	},
	{
		codes: []string{"InvalidOperation.NotSupportedEndpoint"}, summary: "Endpoint of Another Region", argument: "region_id",
		remedy: "The endpoint that was called doesn't serve this region. Remove endpoints.ecs, and its environment variables, to use the region's own endpoint, or set region_id to the endpoint's region.",
	},
	{
		codes: []string{"InvalidProtocol.NeedSsl"}, summary: "HTTPS Required",
		remedy: "The endpoint refuses plain HTTP. Write endpoints.ecs with https://, or without a scheme.",
	},
	{
		codes:   []string{"InvalidProduct.NotFound", "InvalidApi.NotFound", "InvalidAction", "InvalidVersion", "NoSuchVersion", "UnsupportedOperation", "UnsupportedHTTPMethod"},
		summary: "Wrong Endpoint",
		remedy:  "What was called isn't the endpoint of ECS. Check endpoints.ecs, its environment variables, and the proxy.",
	},

	// Credentials.
	{
		codes: []string{"InvalidAccessKeyId"}, summary: "Invalid AccessKey ID",
		remedy: "Check the AccessKey ID in the RAM console.",
	},
	{
		codes: []string{"InvalidAccessKeyId.NotFound"}, summary: "Unknown AccessKey",
		remedy: "No account has this AccessKey. Check its ID, and that AccessKey and endpoint belong to the same site (China or international).",
	},
	{
		codes: []string{"InvalidAccessKeyId.Inactive"}, summary: "AccessKey Disabled",
		remedy: "Enable the AccessKey in the RAM console, or use another one.",
	},
	{
		codes: []string{"SignatureDoesNotMatch"}, summary: "Wrong AccessKey Secret", hideMessage: true,
		remedy: "The secret doesn't belong to the AccessKey ID. Check that both were copied whole, without spaces, and belong to the same AccessKey.",
	},
	{
		codes: []string{"IncompleteSignature", "InvalidSignature"}, summary: "Signature Not Accepted",
		remedy: changedRemedy,
	},
	{
		codes: []string{"SignatureNonceUsed"}, summary: "Nonce Already Used",
		remedy: changedRemedy,
	},
	{
		codes: []string{"InvalidTimeStamp"}, summary: "Wrong Clock",
		remedy: "This machine's clock differs from the API's by more than 15 minutes. Synchronize it, for example with NTP, and run again.",
	},
	{
		codes: []string{"InvalidTimeStamp.Format", "IllegalTimestamp"}, summary: "Invalid Timestamp",
		remedy: changedRemedy,
	},
	{
		codes: []string{"InvalidSecurityToken"}, summary: "Invalid Security Token",
		remedy: "Check that the token was copied whole and belongs to the AccessKey.",
	},
	{
		codes: []string{"InvalidSecurityToken.Expired"}, summary: "Security Token Expired",
		remedy: "Get new temporary credentials. The provider renews them if they come from assume_role, assume_role_with_oidc, ecs_role_name, credentials_uri or a profile, not if a security_token is given.",
	},
	{
		codes: []string{"InvalidSecurityToken.MismatchWithAccessKey"}, summary: "Security Token Mismatch",
		remedy: "Take AccessKey ID, secret and token from one STS response. A token left in the environment beside another AccessKey is a common cause.",
	},
	{
		codes: []string{"MissingSecurityToken"}, summary: "Missing Security Token",
		remedy: "The AccessKey is a temporary one: set its security token too.",
	},

	// Permission and account.
	{
		codes:   []string{"Forbidden", "Forbedden", "NoPermission", "Unauthorized", "ActionUnauthorized"}, // Forbedden.NotSupportRAM is the API's own spelling.
		summary: "Permission Denied",
		remedy:  "The RAM user or role may not list snapshots. It needs at least this policy: " + policy,
	},
	{
		codes:   []string{"Forbidden.RiskControl", "Forbidden.Account", "UserDisable", "Account", "InvalidAccountStatus"},
		summary: "Account Restricted",
		remedy:  "Alibaba Cloud restricts the account; a RAM policy doesn't help. Look for a notice in the console, or ask Alibaba Cloud support, with the request ID.",
	},
	{
		codes: []string{"Account.Arrearage", "InsufficientBalance", "InvalidAccountStatus.NotEnoughBalance"}, summary: "Account in Arrears",
		remedy: "The account owes money. Settle its bills, and run again.",
	},
	{
		codes: []string{"Forbidden.UserVerification"}, summary: "Account Not Verified",
		remedy: "The account has no real-name verification, which this region requires. Verify it in the console; a RAM policy doesn't help.",
	},
	{
		codes: []string{"Forbidden.Unsubscribed", "InvalidAccountStatus.SnapshotServiceUnavailable"}, summary: "Snapshots Not Activated",
		remedy: "The account hasn't activated the snapshot service. Activate it in the ECS console.",
	},

	// The request.
	{
		codes: []string{"DryRunOperation"}, summary: "Unexpected Dry Run", argument: "dry_run",
		remedy: "The API took a normal request for a dry run. " + bugRemedy,
	},
	{
		codes: []string{"Missing"}, summary: "Missing Request Parameter",
		remedy: "The API wants a parameter that wasn't sent. " + bugRemedy,
	},
	{
		codes: []string{"InvalidParameter"}, summary: "Invalid Request Parameter",
		remedy: "Check the arguments against the API's message.",
	},
	{
		codes: []string{"UnsupportedParameter", "NotSupported"}, summary: "Request Not Supported",
		remedy: "The API doesn't take such a request here. Check the arguments against its message, and for a newer version of the provider.",
	},

	// Load.
	{
		codes: []string{"Throttling"}, summary: "Throttled by the API",
		remedy: "The account makes too many requests. Raise timeouts.read, lower the provider's max_concurrent_requests, or see what else calls ECS in this account and region: the limits are counted by the minute.",
	},
	{
		codes: []string{"ServiceUnavailable", "SystemBusy", "Degrade"}, summary: "API Unavailable",
		remedy: laterRemedy,
	},
	{
		codes: []string{"InternalError", "InternalFailure"}, summary: "Internal API Error",
		remedy: laterRemedy,
	},
}

// stsCodes are the codes of STS that mean something else than those of ECS, or have no
// like there.
var stsCodes = []advice{
	{
		codes: []string{"NoPermission"}, summary: "Role Not Assumable",
		remedy: "The caller may not assume the role. Allow it sts:AssumeRole, name it in the role's trust policy, and use a RAM user: the account's own AccessKey can't assume roles.",
	},
	{
		codes: []string{"EntityNotExist.Role"}, summary: "Unknown Role",
		remedy: "Check role_arn and the account in it.",
	},
	{
		codes: []string{"AuthenticationFail.OIDCToken.Expired"}, summary: "OIDC Token Expired",
		remedy: "Get a new token right before the run, and write it to the token file.",
	},
	{
		codes: []string{"AuthenticationFail.OIDCToken"}, summary: "OIDC Token Not Accepted",
		remedy: "The token is from another identity provider, or for another audience. Check the issuer and the client ID in RAM.",
	},
	{
		codes: []string{"AuthenticationFail.NoPermission"}, summary: "OIDC Token Not Trusted",
		remedy: "The role's trust policy doesn't match the token. Compare oidc:iss, oidc:aud and oidc:sub with the token's claims.",
	},
	{
		codes: []string{"InvalidParameter.DurationSeconds"}, summary: "Session Too Long",
		remedy: "session_expiration is longer than the role allows. Shorten it, or raise the role's maximum.",
	},
	{
		codes: []string{"InvalidParameter.RoleSessionName"}, summary: "Invalid Session Name",
		remedy: "The session's name has characters other than letters, digits and .@-_. Use another one.",
	},
	{
		codes: []string{"InvalidParameter.Policy"}, summary: "Invalid Session Policy",
		remedy: "Check the policy's grammar, and that it has at most 2048 characters.",
	},
}

// filterCodes are the codes that filters are at fault for.
func filterCodes() []advice {
	var rows []advice
	for _, f := range filters {
		if len(f.codes) > 0 {
			rows = append(rows, advice{codes: f.codes, summary: "Invalid " + title(f.name), remedy: f.remedy, argument: f.name})
		}
	}
	return rows
}

// findAdvice returns the advice on a code.
func findAdvice(code string, tables ...[]advice) (advice, bool) {
	var (
		best    advice
		longest string
	)
	for _, row := range slices.Concat(tables...) {
		for _, beginning := range row.codes {
			fits := len(code) >= len(beginning) && strings.EqualFold(code[:len(beginning)], beginning)
			if fits && len(beginning) > len(longest) {
				best, longest = row, beginning
			}
		}
	}
	return best, longest != ""
}

var (
	word          = regexp.MustCompile(`[A-Za-z]+`)
	parameterCode = regexp.MustCompile(`(?i)^(invalid|unsupported)parameter`) // Its code or message may name a parameter.
)

// argumentNamed returns the argument whose request parameter a code or message names; ""
// if it names none, or several.
func argumentNamed(text string) string {
	found := ""
	for _, name := range word.FindAllString(text, -1) {
		argument := argumentOf(name)
		switch {
		case argument == "" || argument == found:
		case found != "":
			return ""
		default:
			found = argument
		}
	}
	return found
}

// argumentOf returns the argument that is sent as the request parameter; "" for none.
func argumentOf(parameter string) string {
	switch parameter {
	case "RegionId":
		return "region_id"
	case "DryRun":
		return "dry_run"
	}
	for _, f := range filters {
		if f.parameter != "" && f.parameter == parameter {
			return f.name
		}
	}
	return ""
}

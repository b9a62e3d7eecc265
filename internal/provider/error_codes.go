package provider

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// advice is what a message says about error codes.
type advice struct {
	codes    string // The codes' beginnings, with blanks between them; of all rows, the longest that fits counts. Case doesn't.
	summary  string
	remedy   string
	argument string // The data source's argument at fault; "" if there is none.
}

func advise(codes, summary, remedy string) advice { return adviseOn("", codes, summary, remedy) }

func adviseOn(argument, codes, summary, remedy string) advice {
	return advice{codes, summary, remedy, argument}
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
	adviseOn("region_id", "InvalidRegionId", "Unknown Region",
		"Check the spelling of the region, that the account may use it, and that endpoints.ecs, if set, serves it."),
	adviseOn("region_id", "Unauthorized.EmptyRegion UnauthorizedRegion RegionUnauthorized", "Region Not Allowed",
		"The account may not use the region, or not yet. Check its spelling, and the account's regions in the console."),
	adviseOn("region_id", "InvalidOperation.NotSupportedEndpoint", "Endpoint of Another Region",
		"The endpoint that was called doesn't serve this region. Remove endpoints.ecs, and its environment variables, to use the region's own endpoint, or set region_id to the endpoint's region."),
	advise("InvalidProtocol.NeedSsl", "HTTPS Required", "The endpoint refuses plain HTTP. Write endpoints.ecs with https://, or without a scheme."),
	advise("InvalidProduct.NotFound InvalidApi.NotFound InvalidAction InvalidVersion NoSuchVersion UnsupportedOperation UnsupportedHTTPMethod", "Wrong Endpoint",
		"What was called isn't the endpoint of ECS. Check endpoints.ecs, its environment variables, and the proxy."),

	// Credentials.
	advise("InvalidAccessKeyId", "Invalid AccessKey ID", "Check the AccessKey ID in the RAM console."),
	advise("InvalidAccessKeyId.NotFound", "Unknown AccessKey",
		"No account has this AccessKey. Check its ID, and that AccessKey and endpoint belong to the same site (China or international)."),
	advise("InvalidAccessKeyId.Inactive", "AccessKey Disabled", "Enable the AccessKey in the RAM console, or use another one."),
	advise("SignatureDoesNotMatch", "Wrong AccessKey Secret",
		"The secret doesn't belong to the AccessKey ID. Check that both were copied whole, without spaces, and belong to the same AccessKey."),
	advise("IncompleteSignature InvalidSignature", "Signature Not Accepted", changedRemedy),
	advise("SignatureNonceUsed", "Nonce Already Used", changedRemedy),
	advise("InvalidTimeStamp", "Wrong Clock",
		"This machine's clock differs from the API's by more than 15 minutes. Synchronize it, for example with NTP, and run again."),
	advise("InvalidTimeStamp.Format IllegalTimestamp", "Invalid Timestamp", changedRemedy),
	advise("InvalidSecurityToken", "Invalid Security Token", "Check that the token was copied whole and belongs to the AccessKey."),
	advise("InvalidSecurityToken.Expired", "Security Token Expired",
		"Get new temporary credentials. The provider renews them if they come from assume_role, assume_role_with_oidc, ecs_role_name, credentials_uri or a profile, not if a security_token is given."),
	advise("InvalidSecurityToken.MismatchWithAccessKey", "Security Token Mismatch",
		"Take AccessKey ID, secret and token from one STS response. A token left in the environment beside another AccessKey is a common cause."),
	advise("MissingSecurityToken", "Missing Security Token", "The AccessKey is a temporary one: set its security token too."),

	// Permission and account.
	advise("Forbidden Forbedden NoPermission Unauthorized ActionUnauthorized", "Permission Denied",
		"The RAM user or role may not list snapshots. It needs at least this policy: "+policy),
	advise("Forbidden.RiskControl Forbidden.Account UserDisable Account InvalidAccountStatus", "Account Restricted",
		"Alibaba Cloud restricts the account; a RAM policy doesn't help. Look for a notice in the console, or ask Alibaba Cloud support, with the request ID."),
	advise("Account.Arrearage InsufficientBalance InvalidAccountStatus.NotEnoughBalance", "Account in Arrears",
		"The account owes money. Settle its bills, and run again."),
	advise("Forbidden.UserVerification", "Account Not Verified",
		"The account has no real-name verification, which this region requires. Verify it in the console; a RAM policy doesn't help."),
	advise("Forbidden.Unsubscribed InvalidAccountStatus.SnapshotServiceUnavailable", "Snapshots Not Activated",
		"The account hasn't activated the snapshot service. Activate it in the ECS console."),

	// The request.
	adviseOn("dry_run", "DryRunOperation", "Unexpected Dry Run",
		"The API took a normal request for a dry run. "+bugRemedy),
	advise("Missing", "Missing Request Parameter", "The API wants a parameter that wasn't sent. "+bugRemedy),
	advise("InvalidParameter", "Invalid Request Parameter", "Check the arguments against the API's message."),
	advise("UnsupportedParameter NotSupported", "Request Not Supported",
		"The API doesn't take such a request here. Check the arguments against its message, and for a newer version of the provider."),

	// Load.
	advise("Throttling", "Throttled by the API",
		"The account makes too many requests. Raise timeouts.read, lower the provider's max_concurrent_requests, or see what else calls ECS in this account and region: the limits are counted by the minute."),
	advise("ServiceUnavailable SystemBusy Degrade", "API Unavailable", laterRemedy),
	advise("InternalError InternalFailure", "Internal API Error", laterRemedy),
}

// stsCodes are the codes of STS that mean something else than those of ECS, or have no
// like there.
var stsCodes = []advice{
	advise("NoPermission", "Role Not Assumable",
		"The caller may not assume the role. Allow it sts:AssumeRole, name it in the role's trust policy, and use a RAM user: the account's own AccessKey can't assume roles."),
	advise("EntityNotExist.Role", "Unknown Role", "Check role_arn and the account in it."),
	advise("AuthenticationFail.OIDCToken.Expired", "OIDC Token Expired", "Get a new token right before the run, and write it to the token file."),
	advise("AuthenticationFail.OIDCToken", "OIDC Token Not Accepted",
		"The token is from another identity provider, or for another audience. Check the issuer and the client ID in RAM."),
	advise("AuthenticationFail.NoPermission", "OIDC Token Not Trusted",
		"The role's trust policy doesn't match the token. Compare oidc:iss, oidc:aud and oidc:sub with the token's claims."),
	advise("InvalidParameter.RoleArn", "Invalid Role ARN", "The ARN of a RAM role is acs:ram::<account ID>:role/<name>."),
	advise("InvalidParameter.DurationSeconds", "Invalid Session Expiration",
		"A session lasts at least 900 seconds, and at most as long as the role allows. Change session_expiration, or raise the role's maximum."),
	advise("InvalidParameter.RoleSessionName", "Invalid Session Name", "The session's name must have 2 to 64 characters: letters, digits and . @ _ -"),
	advise("InvalidParameter.Policy", "Invalid Session Policy", "Check the policy's grammar, and that it has at most 2048 characters."),
}

// adviceByKind is for failures without a code.
var adviceByKind = map[rpc.Kind]advice{
	rpc.KindStatus: advise("", "Unexpected Response",
		"The response isn't the API's: a proxy or gateway in between sent it. Check HTTPS_PROXY, NO_PROXY and endpoints.ecs."),
	rpc.KindRedirect: advise("", "Unexpected Redirect",
		"The provider sends a signed request nowhere else. A proxy's login page often redirects: check HTTPS_PROXY, and that endpoints.ecs, if set, names the API itself."),
	rpc.KindReply: advise("", "Unreadable Response",
		"What responded isn't the API, or something in between changed the response. Check HTTPS_PROXY, NO_PROXY and endpoints.ecs."),
	rpc.KindNetwork: advise("", "Could Not Reach the API",
		"Check that this machine reaches the host, directly or through HTTPS_PROXY, and that the region and endpoints.ecs, if set, are right. An endpoint uses HTTPS unless it starts with http://."),
	rpc.KindTLS: advise("", "TLS Connection Failed",
		"The server's certificate isn't trusted, or the server doesn't speak TLS. Behind a proxy that inspects TLS, name its authority with SSL_CERT_FILE; for an endpoint without TLS, write http:// in endpoints.ecs; check this machine's clock."),
}

// filterCodes are the codes that filters are at fault for.
func filterCodes() []advice {
	var rows []advice
	for _, f := range filters {
		if f.parameter != "" || f.codes != "" {
			rows = append(rows, adviseOn(f.name, cmp.Or(f.codes, "Invalid"+f.parameter), "Invalid "+f.name,
				cmp.Or(f.remedy, "Check the value, and that what it names is in this region.")))
		}
	}
	return rows
}

// findAdvice returns the advice on a code. The first table counts where two fit alike.
func findAdvice(code string, tables ...[]advice) (best advice, ok bool) {
	longest := 0
	for _, row := range slices.Concat(tables...) {
		for beginning := range strings.FieldsSeq(row.codes) {
			n := len(beginning)
			if n > longest && n <= len(code) && strings.EqualFold(code[:n], beginning) {
				best, longest = row, n
			}
		}
	}
	return best, longest > 0
}

// parameterCode is a code about a parameter, which the code or its message may name.
var parameterCode = regexp.MustCompile(`(?i)^(invalid|unsupported)parameter`)

// argumentNamed returns the argument whose request parameter a code or message names; ""
// if it names none, or several.
func argumentNamed(text string) string {
	arguments := map[string]string{"RegionId": "region_id", "DryRun": "dry_run"}
	for _, f := range filters {
		arguments[f.parameter] = f.name
	}
	found := ""
	for _, name := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		argument := arguments[name]
		if argument != "" && found != "" && argument != found {
			return ""
		}
		found = cmp.Or(found, argument)
	}
	return found
}

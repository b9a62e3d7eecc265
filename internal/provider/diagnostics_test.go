package provider

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// Every code of the API's document, of the gateway, of RAM and of the account: what failed,
// what to do, the argument at fault, the code and the request ID.
func TestErrorCodes(t *testing.T) {
	t.Parallel()
	type errorCode struct {
		status   int
		code     string
		argument string
		want     []string
	}
	tests := []errorCode{
		// The document's table.
		{403, "InvalidSnapshotIds.Malformed", "snapshot_ids", []string{"Invalid snapshot_ids", "s-bp1"}},
		{404, "InvalidFilterKey.NotFound", "creation_start_time", []string{"Invalid creation_start_time", "leave both out"}},
		{404, "InvalidFilterValue", "creation_start_time", []string{"Invalid creation_start_time"}},
		{404, "InvalidUsage", "usage", []string{"Invalid usage", "image, disk, image_disk, none"}},
		{404, "InvalidSourceDiskType", "source_disk_type", []string{"Invalid source_disk_type", "System, Data"}},
		{404, "InvalidStatus.NotFound", "status", []string{"Invalid status", "progressing, accomplished, failed, all"}},
		{404, "InvalidSnapshotType.NotFound", "snapshot_type", []string{"Invalid snapshot_type", "auto, user, all"}},
		{400, "InvalidTag.Mismatch", "tags", []string{"Invalid tags", "replace null"}},
		{400, "InvalidTagCount", "tags", []string{"Invalid tags", "1 to 20"}},
		{500, "InternalError", "", []string{"Internal API Error", "Run again later"}},
		{404, "InvalidSnapshotLinkId.NotFound", "snapshot_link_id", []string{"Invalid snapshot_link_id", "this region"}},
		// Arguments, by newer documents and sibling actions.
		{403, "InvalidSnapshotCategory.Malformed", "category", []string{"Invalid category", "standard, flash, archive"}},
		{403, "InvalidCategory.Malformed", "category", []string{"Invalid category"}},
		{400, "InvalidTagKey.Malformed", "tags", []string{"Invalid tags", "1 to 128"}},
		{400, "InvalidDiskId.ValueNotSupported", "disk_id", []string{"Invalid disk_id"}},
		{404, "InvalidInstanceId.NotFound", "instance_id", []string{"Invalid instance_id"}},
		{404, "InvalidResourceGroup.NotFound", "resource_group_id", []string{"Invalid resource_group_id"}},
		{404, "InvalidKMSKeyId.NotFound", "kms_key_id", []string{"Invalid kms_key_id"}},
		{400, "InvalidEncrypted.NotSupported", "encrypted", []string{"Invalid encrypted"}},
		{400, "InvalidSnapshotName.Malformed", "snapshot_name", []string{"Invalid snapshot_name"}},
		{400, "InvalidParameter.DiskId", "disk_id", []string{"Invalid Request Parameter"}},
		{400, "DryRunOperation", "!dry_run", []string{"Unexpected Dry Run", "report it"}},
		// Region and endpoint.
		{404, "InvalidRegionId.NotFound", "!region_id", []string{"Unknown Region", "the snapshots of cn-hangzhou", "Check the spelling of the region", "endpoints.ecs"}},
		{404, "InvalidRegionId", "!region_id", []string{"Unknown Region", "cn-hangzhou"}},
		{400, "InvalidOperation.NotSupportedEndpoint", "!region_id", []string{"Endpoint of Another Region", "Remove endpoints.ecs", "set region_id"}},
		{403, "Unauthorized.EmptyRegion", "!region_id", []string{"Region Not Allowed"}},
		{403, "RegionUnauthorized", "!region_id", []string{"Region Not Allowed"}},
		{403, "UnauthorizedRegion", "!region_id", []string{"Region Not Allowed"}},
		{400, "InvalidProtocol.NeedSsl", "", []string{"HTTPS Required", "https://"}},
		{404, "InvalidProduct.NotFound", "", []string{"Wrong Endpoint", "endpoints.ecs"}},
		{404, "InvalidApi.NotFound", "", []string{"Wrong Endpoint"}},
		{403, "InvalidAction", "", []string{"Wrong Endpoint"}},
		{400, "InvalidVersion", "", []string{"Wrong Endpoint"}},
		{400, "NoSuchVersion", "", []string{"Wrong Endpoint"}},
		{400, "UnsupportedOperation", "", []string{"Wrong Endpoint"}},
		{403, "UnsupportedHTTPMethod", "", []string{"Wrong Endpoint"}},
		// Credentials.
		{404, "InvalidAccessKeyId.NotFound", "", []string{"Unknown AccessKey", "****0000"}},
		{400, "InvalidAccessKeyId.Inactive", "", []string{"AccessKey Disabled", "RAM console"}},
		{403, "InvalidAccessKeyId", "", []string{"Invalid AccessKey ID"}},
		{400, "SignatureDoesNotMatch", "", []string{"Wrong AccessKey Secret", "doesn't belong to the AccessKey ID"}},
		{400, "IncompleteSignature", "", []string{"Signature Not Accepted", "proxy"}},
		{400, "InvalidSignatureMethod", "", []string{"Signature Not Accepted"}},
		{400, "InvalidTimeStamp.Expired", "", []string{"Wrong Clock", "15 minutes", "NTP"}},
		{400, "InvalidTimeStamp.Format", "", []string{"Invalid Timestamp", "changes or repeats requests"}},
		{400, "IllegalTimestamp", "", []string{"Invalid Timestamp"}},
		{400, "SignatureNonceUsed", "", []string{"Nonce Already Used"}},
		{400, "InvalidSecurityToken.Expired", "", []string{"Security Token Expired", "assume_role"}},
		{403, "InvalidSecurityToken.Malformed", "", []string{"Invalid Security Token"}},
		{400, "InvalidSecurityToken.MismatchWithAccessKey", "", []string{"Security Token Mismatch", "environment"}},
		{400, "MissingSecurityToken", "", []string{"Missing Security Token", "set its security token"}},
		// Permission and account.
		{403, "Forbidden.RAM", "", []string{"Permission Denied", `"Action":"ecs:DescribeSnapshots"`, "****0000"}},
		{403, "Forbedden.NotSupportRAM", "", []string{"Permission Denied"}},
		{403, "Forbidden", "", []string{"Permission Denied"}},
		{403, "NoPermission", "", []string{"Permission Denied", `"Action":"ecs:DescribeSnapshots"`}},
		{403, "Unauthorized", "", []string{"Permission Denied"}},
		{403, "ActionUnauthorized", "", []string{"Permission Denied"}},
		{403, "Forbidden.RiskControl", "", []string{"Account Restricted", "a RAM policy doesn't help"}},
		{403, "Forbidden.AccountClosed", "", []string{"Account Restricted"}},
		{403, "UserDisable", "", []string{"Account Restricted"}},
		{403, "Account.Abnormal", "", []string{"Account Restricted"}},
		{403, "InvalidAccountStatus", "", []string{"Account Restricted"}},
		{400, "Account.Arrearage", "", []string{"Account in Arrears", "bills"}},
		{400, "InsufficientBalance", "", []string{"Account in Arrears"}},
		{403, "InvalidAccountStatus.NotEnoughBalance", "", []string{"Account in Arrears"}},
		{403, "Forbidden.UserVerification", "", []string{"Account Not Verified", "real-name"}},
		{403, "Forbidden.Unsubscribed", "", []string{"Snapshots Not Activated"}},
		{403, "InvalidAccountStatus.SnapshotServiceUnavailable", "", []string{"Snapshots Not Activated", "console"}},
		// The request, and load.
		{400, "MissingParameter", "", []string{"Missing Request Parameter", "report it"}},
		{400, "MissingParameter.RegionId", "", []string{"Missing Request Parameter"}},
		{400, "MissingAction", "", []string{"Missing Request Parameter"}},
		{400, "InvalidParameter", "", []string{"Invalid Request Parameter"}},
		{400, "InValidParameter.NextToken", "", []string{"Invalid Request Parameter"}},
		{400, "UnsupportedParameter", "", []string{"Request Not Supported"}},
		{400, "NotSupported.Operation", "", []string{"Request Not Supported"}},
		{503, "ServiceUnavailable", "", []string{"API Unavailable"}},
		{400, "SystemBusy", "", []string{"API Unavailable", "Run again later"}},
		{400, "Degrade.Api", "", []string{"API Unavailable"}},
		{500, "InternalFailure", "", []string{"Internal API Error"}},
		// One that nobody knows yet.
		{409, "Brand.NewCode", "", []string{"Snapshots Could Not Be Read", "error-center"}},
	}
	for _, row := range slices.Concat(generalCodes, filterCodes()) {
		for _, beginning := range strings.Fields(row.codes) {
			tested := slices.ContainsFunc(tests, func(test errorCode) bool {
				found, _ := findAdvice(test.code, generalCodes, filterCodes())
				return found.summary == row.summary && strings.HasPrefix(strings.ToLower(test.code), strings.ToLower(beginning))
			})
			// Throttling never ends a read by itself; see TestThrottledToTheEnd.
			if !tested && beginning != "Throttling" {
				t.Errorf("%s is not tested", beginning)
			}
		}
	}
	service := ecstest.Start(t)
	h := newServiceHarness(t, service)
	config := object{ // Every filter, so that each can be pointed at.
		"disk_id": "d", "creation_start_time": "2026-05-01T00:00:00Z", "snapshot_ids": []string{"s"}, "status": "all", "usage": "none",
		"snapshot_type": "all", "source_disk_type": "data", "category": "flash", "snapshot_link_id": "sl", "region_id": "cn-hangzhou",
		"instance_id": "i", "resource_group_id": "rg", "kms_key_id": "k", "encrypted": true, "tags": map[string]any{"env": "prod"},
	}
	filter := object{}
	for name, value := range config {
		if name != "region_id" {
			filter[name] = value
		}
	}
	for _, test := range tests {
		service.ClearFaults()
		service.Inject(ecstest.ErrorCode(test.status, test.code, "The service's own words."))
		want := append(test.want, test.code, "request ID: ")
		if test.code != "SignatureDoesNotMatch" { // Whose message is noise.
			want = append(want, "The service's own words", "cn-hangzhou")
		}
		path, filterPath := "", ""
		if name, root := strings.CutPrefix(test.argument, "!"); root {
			path, filterPath = at(name), at(name)
		} else if test.argument != "" {
			path, filterPath = at(test.argument), at("filter", test.argument)
		}
		_, diags := h.read(t.Context(), "aliyun_ecs_snapshots", config)
		wantOne(t, diags, path, want...)
		if test.argument == "" {
			continue // Nothing differs for the other data source.
		}
		_, diags = h.read(t.Context(), "aliyun_ecs_snapshot", object{"filter": filter, "region_id": "cn-hangzhou"})
		wantOne(t, diags, filterPath, want...)
	}
	service.ClearFaults()
	service.Inject(ecstest.ErrorCode(404, "InvalidFilterValue", ""))
	_, diags := h.read(t.Context(), "aliyun_ecs_snapshots", object{"creation_end_time": "2026-05-01T00:00:00Z"})
	wantOne(t, diags, at("creation_end_time"), "Invalid creation_end_time", "no message.")
}

// A message that names one parameter points at its argument.
func TestParameterNamedInMessage(t *testing.T) {
	t.Parallel()
	messages := map[string]string{
		"DiskId and InstanceId contradict each other.": "",
		"The specified parameter is not valid.":        "",
	}
	for _, parameter := range []string{
		"RegionId", "DiskId", "InstanceId", "SnapshotIds", "SnapshotLinkId", "SnapshotName", "SnapshotType", "SourceDiskType", "Status", "Usage",
		"Category", "Encrypted", "KMSKeyId", "ResourceGroupId", "Tag", "DryRun",
	} {
		messages["The specified parameter "+parameter+" is not valid."] = argumentNamed(parameter)
	}
	if len(messages) < 18 {
		t.Errorf("%d messages only", len(messages))
	}
	service := ecstest.Start(t)
	h := newServiceHarness(t, service)
	for message, argument := range messages {
		service.ClearFaults()
		service.Inject(ecstest.ErrorCode(400, "InvalidParameter", message))
		_, diags := h.read(t.Context(), "aliyun_ecs_snapshots", object{"disk_id": "d"})
		path := ""
		if argument != "" {
			path = at(argument)
		}
		wantOne(t, diags, path, message)
	}
}

// Throttling is tried through until the time is over.
func TestThrottledToTheEnd(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t)
	service.Inject(ecstest.Throttle("Throttling.User", nil))
	h := newServiceHarness(t, service)
	_, diags := h.read(t.Context(), "aliyun_ecs_snapshots", object{"timeouts": object{"read": "200ms"}})
	wantOne(t, diags, at("timeouts", "read"), "Timed Out", "200ms", "no page was read", "The last failure", "Throttling.User", "Raise timeouts.read", "max_concurrent_requests")
}

// No server can make a read wait for longer than a minute at a time, and the message says what was
// asked for.
func TestLongRetryAfter(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t)
	service.Inject(ecstest.Throttle("Throttling.User", http.Header{"Retry-After": {"2147483647"}}))
	_, diags := newServiceHarness(t, service).read(t.Context(), "aliyun_ecs_snapshots", object{"timeouts": object{"read": "200ms"}})
	wantOne(t, diags, at("timeouts", "read"), "Timed Out", "Throttling.User", "the server asks to wait 1m0s")
}

func TestOtherFailures(t *testing.T) {
	t.Parallel()
	refused := ecstest.Start(t)
	tests := map[string]struct {
		fault ecstest.Fault
		want  []string
	}{
		"proxy page":  {ecstest.BadGatewayHTML(), []string{"Unexpected Response", "HTTPS_PROXY", "HTTP status: 502"}},
		"redirect":    {ecstest.Redirect(refused.URL), []string{"Unexpected Redirect", "endpoints.ecs"}},
		"html":        {ecstest.Respond(http.StatusOK, "text/html", []byte("<html><body>Please log in</body></html>")), []string{"Unreadable Response", "HTML page"}},
		"not a list":  {ecstest.Respond(http.StatusOK, "application/json", []byte(`{"RequestId":"R-1"}`)), []string{"Unreadable Response", "has no Snapshots", "R-1"}},
		"reset":       {ecstest.Reset(), []string{"Could Not Reach the API", "reset"}},
		"wrong total": {wrongTotalWithoutTokens(), []string{"Incomplete Snapshot List", "15", "10", "never returns a part of a list"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := ecstest.Start(t, ecstest.Sample(10)...)
			service.Inject(test.fault)
			_, diags := newServiceHarness(t, service).read(t.Context(), "aliyun_ecs_snapshots", object{})
			wantOne(t, diags, "", test.want...)
		})
	}
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		h := newHarness(t, newTestProvider(nil))
		wantNoErrors(t, h.configure(object{
			"region": "cn-hangzhou", "access_key": "k", "secret_key": "s", "endpoints": object{"ecs": "http://127.0.0.1:1"},
		}))
		_, diags := h.read(t.Context(), "aliyun_ecs_snapshots", object{})
		wantOne(t, diags, "", "Could Not Reach the API", "127.0.0.1:1", "refused", "endpoints.ecs")
	})
	t.Run("tls", func(t *testing.T) {
		t.Parallel()
		service := ecstest.New()
		url, _ := service.StartTLS(t)
		h := newHarness(t, newTestProvider(nil))
		wantNoErrors(t, h.configure(object{
			"region": "cn-hangzhou", "access_key": "k", "secret_key": "s", "endpoints": object{"ecs": strings.TrimPrefix(url, "https://")},
		}))
		_, diags := h.read(t.Context(), "aliyun_ecs_snapshots", object{})
		wantOne(t, diags, "", "TLS Connection Failed", "SSL_CERT_FILE")
	})
}

// Failures that no test's network can show, or only slowly.
func TestFailuresOfCalls(t *testing.T) {
	t.Parallel()
	r := read{query: ecs.Query{RegionID: "cn-hangzou"}, timeout: 10 * time.Minute, at: path.Root}
	tests := map[string]struct {
		err  error
		at   path.Path
		want []string
	}{
		"misspelled region": {
			&rpc.Error{Kind: rpc.KindUnknownHost, Host: "ecs.cn-hangzou.aliyuncs.com"}, path.Root("region_id"),
			[]string{"Unknown Host", `ecs.cn-hangzou.aliyuncs.com doesn't exist. Check the spelling of region "cn-hangzou"`, "DNS"},
		},
		"misspelled endpoint": {
			&rpc.Error{Kind: rpc.KindUnknownHost, Host: "ecs.exmaple.com"}, path.Empty(),
			[]string{"Unknown Host", "ecs.exmaple.com doesn't exist. Check the spelling of endpoints.ecs"},
		},
		"slow": {
			&rpc.Error{Kind: rpc.KindTimeout, Action: "DescribeSnapshots", Host: "ecs.example.com", Message: "no response in 1m0s"}, path.Root("timeouts").AtName("read"),
			[]string{"Slow Response", "was reached", "no response in 1m0s", "Raise timeouts.read, which is 10m0s", "a tenth of it"},
		},
		"plain HTTP": {
			&rpc.Error{Kind: rpc.KindTLS, Host: "127.0.0.1:18481", Message: "127.0.0.1:18481 speaks plain HTTP, not TLS; its endpoint is written http://127.0.0.1:18481"}, path.Empty(),
			[]string{"Endpoint Without TLS", `127.0.0.1:18481 speaks plain HTTP. Write endpoints.ecs as "http://127.0.0.1:18481".`},
		},
		"value": {
			&ecs.ValueError{SnapshotID: "s-1", Field: "CreationTime", Value: "soon", RequestID: "R-1"}, path.Empty(),
			[]string{"Unreadable Snapshot", `"s-1"`, "CreationTime", `"soon"`, "request ID: R-1", "report it"},
		},
		"value of no snapshot": {
			&ecs.ValueError{Field: "SnapshotId", RequestID: "R-1"}, path.Empty(), []string{`: SnapshotId of snapshot "" is "", which can't be read`},
		},
		"anything else": {errors.New("odd"), path.Empty(), []string{"Snapshots Could Not Be Read", "odd"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := r.failure(test.err)
			at := path.Empty()
			if withPath, ok := got.(diag.DiagnosticWithPath); ok {
				at = withPath.Path()
			}
			if !at.Equal(test.at) {
				t.Errorf("it points at %s, want %s", at, test.at)
			}
			wantTexts(t, got.Summary()+"\n"+got.Detail(), test.want...)
		})
	}
}

// A value that decides can't be read: neither a proxy nor the endpoint is to blame.
func TestUnreadableValue(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t, ecstest.Snapshot{SnapshotID: "s-odd", Status: "accomplished", Raw: map[string]any{"CreationTime": "next week"}})
	_, diags := newServiceHarness(t, service).read(t.Context(), "aliyun_ecs_snapshots", object{})
	wantOne(t, diags, "", "Unreadable Snapshot", "s-odd", "CreationTime", "next week", "request ID: ")
}

// What STS says is about the role, not about ECS.
func TestSTSCodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[string][]string{
		"NoPermission":                         {"Role Not Assumable", "sts:AssumeRole", "trust policy"},
		"EntityNotExist.Role":                  {"Unknown Role", "role_arn"},
		"AuthenticationFail.OIDCToken.Expired": {"OIDC Token Expired"},
		"AuthenticationFail.OIDCToken.Invalid": {"OIDC Token Not Accepted", "client ID"},
		"AuthenticationFail.NoPermission":      {"OIDC Token Not Trusted", "oidc:sub"},
		"InvalidParameter.RoleArn":             {"Invalid Role ARN", "acs:ram::<account ID>:role/<name>"},
		"InvalidParameter.DurationSeconds":     {"Invalid Session Expiration", "900 seconds"},
		"InvalidParameter.RoleSessionName":     {"Invalid Session Name", "2 to 64 characters"},
		"InvalidParameter.PolicyGrammar":       {"Invalid Session Policy"},
		"InvalidAccessKeyId.NotFound":          {"Unknown AccessKey"}, // As for ECS.
		"Brand.NewCode":                        {"Check that source of credentials"},
	} {
		refused := &rpc.Error{Status: 400, Code: code, RequestID: "R-1", Message: "No."}
		role := &rpc.Error{Kind: rpc.KindCredentials, Err: refused}
		onARole := &rpc.Error{Kind: rpc.KindCredentials, Err: &rpc.Error{Kind: rpc.KindCredentials, Message: "at DescribeSnapshots", Err: refused}}
		for _, err := range []error{role, onARole} {
			got := credentialsDiagnostic(err, named("the role r"))
			wantTexts(t, got.Summary()+"\n"+got.Detail(), append(want, "Could Not Get Credentials", "from the role r: No.", "Code: "+code, "HTTP status: 400", "request ID: R-1")...)
		}
	}
}

// named is a source of credentials of that name.
type named string

func (n named) String() string { return string(n) }

// wrongTotalWithoutTokens contradicts itself, and leaves no other way to read.
func wrongTotalWithoutTokens() ecstest.Fault {
	return func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		return ecstest.NoTokens()(x, func(x *ecstest.Exchange) *ecstest.Reply { return ecstest.WrongTotal(5)(x, next) })
	}
}

package provider

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// Every code of the API's document and of the gateway: what failed, what to do,
// the code, the request id, and the argument at fault.
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
		{403, "InvalidSnapshotIds.Malformed", "snapshot_ids", []string{"Invalid Snapshot IDs"}},
		{404, "InvalidFilterKey.NotFound", "creation_start_time", []string{"Creation Time Filter Not Supported"}},
		{404, "InvalidFilterValue", "creation_start_time", []string{"Invalid Creation Time"}},
		{404, "InvalidUsage", "usage", []string{"image, disk, image_disk or none"}},
		{404, "InvalidSourceDiskType", "source_disk_type", []string{"System or Data"}},
		{404, "InvalidStatus.NotFound", "status", []string{"progressing, accomplished, failed or all"}},
		{404, "InvalidSnapshotType.NotFound", "snapshot_type", []string{"auto, user or all"}},
		{400, "InvalidTag.Mismatch", "tags", []string{"Invalid Tags"}},
		{400, "InvalidTagCount", "tags", []string{"at most 20 tags"}},
		{500, "InternalError", "", []string{"Internal Service Error", "Run again later"}},
		{404, "InvalidSnapshotLinkId.NotFound", "snapshot_link_id", []string{"Snapshot Chain Not Found"}},
		// The gateway's, and what newer documents name.
		{403, "InvalidSnapshotCategory.Malformed", "category", []string{"standard, flash or archive"}},
		{403, "Forbidden.RAM", "", []string{"Permission Denied", `"Action":"ecs:DescribeSnapshots"`, "****0000"}},
		{404, "InvalidRegionId.NotFound", "!region_id", []string{"Unknown Region", "endpoints.ecs"}},
		{404, "InvalidAccessKeyId.NotFound", "", []string{"Unknown Access Key", "****0000"}},
		{400, "InvalidAccessKeyId.Inactive", "", []string{"Access Key Disabled", "RAM console"}},
		{400, "SignatureDoesNotMatch", "", []string{"Signature Does Not Match", "doesn't belong to the AccessKey"}},
		{400, "IncompleteSignature", "", []string{"Incomplete Signature", "proxy"}},
		{400, "InvalidTimeStamp.Expired", "", []string{"Clock Skew", "15 minutes", "NTP"}},
		{400, "SignatureNonceUsed", "", []string{"Nonce Already Used"}},
		{400, "InvalidSecurityToken.Expired", "", []string{"Security Token Expired", "assume_role"}},
		{403, "InvalidSecurityToken.Malformed", "", []string{"Invalid Security Token"}},
		{400, "InvalidSecurityToken.MismatchWithAccessKey", "", []string{"Security Token Mismatch", "environment"}},
		{400, "MissingParameter", "", []string{"Missing Request Parameter", "report it"}},
		{400, "MissingParameter.RegionId", "", []string{"Missing Request Parameter"}},
		{400, "InvalidParameter", "", []string{"Invalid Request Parameter"}},
		{503, "ServiceUnavailable", "", []string{"Service Unavailable"}},
		{400, "InvalidTagKey.Malformed", "tags", []string{"Invalid Tags", "1 to 64 characters"}},
		{400, "InvalidDiskId.ValueNotSupported", "disk_id", []string{"Invalid Disk ID"}},
		{404, "InvalidInstanceId.NotFound", "instance_id", []string{"Invalid Instance ID"}},
		{404, "InvalidResourceGroup.NotFound", "resource_group_id", []string{"Invalid Resource Group"}},
		{404, "InvalidKMSKeyId.NotFound", "kms_key_id", []string{"Invalid KMS Key ID"}},
		{400, "InvalidEncrypted.NotSupported", "encrypted", []string{"Invalid Encryption Filter"}},
		{400, "DryRunOperation", "!dry_run", []string{"Unexpected Dry Run", "report it"}},
		{403, "InvalidAccessKeyId", "", []string{"Invalid Access Key"}},
		{403, "NoPermission", "", []string{"Permission Denied", `"Action":"ecs:DescribeSnapshots"`}},
		{403, "Forbidden.AccountClosed", "", []string{"Permission Denied"}},
		{400, "SystemBusy", "", []string{"Service Busy"}},
		// One that nobody knows yet.
		{409, "Brand.NewCode", "", []string{"Snapshots Could Not Be Read", "error-center"}},
	}
	for _, a := range adviceByCode {
		tested := slices.ContainsFunc(tests, func(test errorCode) bool {
			return test.code == a.code || a.prefix && strings.HasPrefix(test.code, a.code)
		})
		if !tested && a.code != "Throttling" { // Which never ends a read by itself; see TestThrottledToTheEnd.
			t.Errorf("%s is not tested", a.code)
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
		want := append(test.want, test.code, "The service's own words", "request id: ", "cn-hangzhou")
		path, filterPath := "", ""
		if name, root := strings.CutPrefix(test.argument, "!"); root {
			path, filterPath = at(name), at(name)
		} else if test.argument != "" {
			path, filterPath = at(test.argument), at("filter", test.argument)
		}
		_, diags := h.read(t.Context(), "aliyun_ecs_snapshots", config)
		wantOne(t, diags, path, want...)
		_, diags = h.read(t.Context(), "aliyun_ecs_snapshot", object{"filter": filter, "region_id": "cn-hangzhou"})
		wantOne(t, diags, filterPath, want...)
	}
	service.ClearFaults()
	service.Inject(ecstest.ErrorCode(404, "InvalidFilterValue", ""))
	_, diags := h.read(t.Context(), "aliyun_ecs_snapshots", object{"creation_end_time": "2026-05-01T00:00:00Z"})
	wantOne(t, diags, at("creation_end_time"), "no message was given")
}

// A message that names one parameter points at its argument.
func TestParameterNamedInMessage(t *testing.T) {
	t.Parallel()
	messages := map[string]string{
		"DiskId and InstanceId contradict each other.": "",
		"The specified parameter is not valid.":        "",
	}
	for parameter, argument := range argumentOf {
		messages["The specified parameter "+parameter+" is not valid."] = argument
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
	wantOne(t, diags, at("timeouts", "read"), "Timed Out", "200ms", "0 pages", "The last failure was", "Throttling.User", "Raise timeouts.read", "max_concurrent_requests")
}

func TestOtherFailures(t *testing.T) {
	t.Parallel()
	refused := ecstest.Start(t)
	tests := map[string]struct {
		fault ecstest.Fault
		want  []string
	}{
		"proxy page": {ecstest.BadGatewayHTML(), []string{"Unexpected Response", "HTTPS_PROXY", "HTTP status: 502"}},
		"redirect":   {ecstest.Redirect(refused.URL), []string{"Unexpected Redirect", "endpoints.ecs"}},
		"html":       {ecstest.Respond(http.StatusOK, "text/html", []byte("<html><body>Please log in</body></html>")), []string{"Unreadable Response", "Please log in"}},
		"not a list": {ecstest.Respond(http.StatusOK, "application/json", []byte(`{"RequestId":"R-1"}`)), []string{"Unreadable Response", "has no Snapshots", "R-1"}},
		"reset":      {ecstest.Reset(), []string{"Could Not Reach the Service", "reset"}},
		"lying":      {ecstest.WrongTotal(5), []string{"Incomplete Snapshot List", "that there are 15", "lists 10", "A part of a list is never returned"}},
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
		wantOne(t, diags, "", "Could Not Reach the Service", "127.0.0.1:1", "refused", "endpoints.ecs")
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

// Each code of the table is found by itself: none hides behind a prefix.
func TestAdviceIsReachable(t *testing.T) {
	t.Parallel()
	for _, a := range adviceByCode {
		if found, ok := findAdvice(a.code); !ok || found.summary != a.summary || found.remedy != a.remedy {
			t.Errorf("%s gets the advice of %s", a.code, found.code)
		}
		if a.summary == "" || a.remedy == "" {
			t.Errorf("%s has no advice", a.code)
		}
	}
}

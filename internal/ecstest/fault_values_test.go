package ecstest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

func TestOddValues(t *testing.T) {
	t.Parallel()
	snapshot := ecstest.Snapshot{
		SnapshotID: "s-1", CreationTime: "2026-07-31T22:00:00Z", Progress: "99%", Tags: []ecstest.Tag{{Key: "a", Value: "b"}},
		Raw: map[string]any{"ProductCode": ecstest.Absent, "Description": ecstest.Absent, "Encrypted": ecstest.Absent},
	}
	tag := map[string]any{"TagKey": "a", "TagValue": "b"}
	type fields = map[string]any
	tests := []struct {
		name  string
		fault ecstest.Fault
		want  fields // What is otherwise than the snapshot has it.
	}{
		{"none", ecstest.SetFields(), fields{}},
		{"fractions", ecstest.SetFields("Progress", "99.5%", "RemainTime", "soon"), fields{"Progress": "99.5%", "RemainTime": "soon"}},
		{"no tags", ecstest.SetFields("Tags", ecstest.Absent), fields{"Tags": ecstest.Absent}},
		{"a tag without a key", ecstest.TagsWithoutKeys(), fields{"Tags": fields{"Tag": []any{fields{"TagValue": "b"}}}}},
		{"spaces in times", ecstest.TimeForms(ecstest.SpaceSeparatedTime), fields{"CreationTime": "2026-07-31 22:00:00"}},
		{"milliseconds", ecstest.TimeForms(ecstest.EpochMilliseconds), fields{"CreationTime": 1785535200000.0}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := ecstest.Start(t, snapshot)
			server.Inject(test.fault)
			want := fields{"SnapshotId": "s-1", "CreationTime": "2026-07-31T22:00:00Z", "Progress": "99%", "Tags": fields{"Tag": []any{tag}}}
			for name, value := range test.want {
				want[name] = value
				if value == ecstest.Absent {
					delete(want, name)
				}
			}
			if diff := cmp.Diff([]fields{want}, newClient(t, server.URL).describe(nil).List.Snapshot); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRefusalsByCode(t *testing.T) {
	t.Parallel()
	statuses := map[string]int{
		"InvalidOperation.NotSupportedEndpoint": 404, "InvalidRegionId": 400, "Unauthorized.EmptyRegion": 403, "MissingSecurityToken": 400,
		"InValidParameter.NextToken": 400, "InvalidProtocol.NeedSsl": 403, "InvalidProduct.NotFound": 404, "InvalidApi.NotFound": 404,
		"UnsupportedHTTPMethod": 405, "InvalidSignatureMethod": 400, "Account.Arrearage": 400, "InsufficientBalance": 400, "Degrade.Api": 503,
		"InvalidTimeStamp.Format": 400, "Forbidden.RiskControl": 403, "Forbidden.UserVerification": 403,
		"NotSupported.PageNumberAndPageSize": 400, "InvalidFilterKey.NotFound": 404, "Forbidden.RAM": 403, "InternalError": 500,
	}
	server := ecstest.Start(t)
	c := newClient(t, server.URL)
	for _, code := range ecstest.RefusalCodes() {
		server.ClearFaults()
		server.Inject(ecstest.Refusal(code))
		a := c.describe(nil)
		if a.Code != code || a.status < 400 || statuses[code] != 0 && a.status != statuses[code] {
			t.Errorf("%s: %d %s", code, a.status, a.body)
		}
		delete(statuses, code)
		if a.Message == "" && !strings.HasPrefix(code, "InvalidFilter") {
			t.Errorf("%s has no message", code)
		}
	}
	for code := range statuses {
		t.Errorf("%s is unknown", code)
	}
}

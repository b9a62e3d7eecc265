package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The messages say what is allowed, and point at the argument.
func TestBadArguments(t *testing.T) {
	t.Parallel()
	tags := func(n int) map[string]any {
		tags := map[string]any{}
		for i := range n {
			tags[strings.Repeat("k", i+1)] = "v"
		}
		return tags
	}
	tests := map[string]struct {
		config object
		at     []string
		want   []string
	}{
		"disk_id empty":    {object{"disk_id": ""}, []string{"disk_id"}, []string{"Invalid disk_id", "disk_id is empty", "return everything", "set it to null"}},
		"name_regex empty": {object{"name_regex": ""}, []string{"name_regex"}, []string{"name_regex is empty"}},
		"start time empty": {object{"creation_start_time": ""}, []string{"creation_start_time"}, []string{`creation_start_time is ""`}},

		"snapshot_type":       {object{"snapshot_type": "manual"}, []string{"snapshot_type"}, []string{"Invalid snapshot_type", `snapshot_type is "manual"`, `"auto", "user", "all"`}},
		"snapshot_type empty": {object{"snapshot_type": ""}, []string{"snapshot_type"}, []string{`is ""`, `"auto"`}},
		"snapshot_type case":  {object{"snapshot_type": "Auto"}, []string{"snapshot_type"}, []string{`Did you mean "auto"?`}},
		"source_disk_type":    {object{"source_disk_type": "root"}, []string{"source_disk_type"}, []string{"Invalid source_disk_type", `"System", "Data"`}},
		"status completed":    {object{"status": "completed"}, []string{"status"}, []string{"Invalid status", `status is "completed"`, `"progressing", "accomplished", "failed", "all"`, `Did you mean "accomplished"?`}},
		"status pending":      {object{"status": "Pending"}, []string{"status"}, []string{`Did you mean "progressing"?`}},
		"status misspelled":   {object{"status": "accomplishd"}, []string{"status"}, []string{`status is "accomplishd"`, `"accomplished"`}},
		"usage":               {object{"usage": "disks"}, []string{"usage"}, []string{"Invalid usage", `"image", "disk", "image_disk", "none"`}},
		"category":            {object{"category": "cold"}, []string{"category"}, []string{"Invalid category", `"standard", "flash", "archive"`}},

		"name_regex open":      {object{"name_regex": "a(b"}, []string{"name_regex"}, []string{"Invalid name_regex", `name_regex is "a(b"`, "missing closing )", "RE2"}},
		"name_regex lookahead": {object{"name_regex": "(?!x)"}, []string{"name_regex"}, []string{"Invalid name_regex", "no lookaround", "`(?!`"}},
		"name_regex glob":      {object{"name_regex": "*nightly*"}, []string{"name_regex"}, []string{"Nothing precedes `*`", `To match "contains nightly", write "nightly".`}},
		"name_regex plus":      {object{"name_regex": "+x"}, []string{"name_regex"}, []string{"Nothing precedes `+`"}},
		"name_regex star dot":  {object{"name_regex": "*.x(y)"}, []string{"name_regex"}, []string{"Nothing precedes `*`", `To match "contains .x(y)", write "\\.x\\(y\\)".`}},

		"date":           {object{"creation_start_time": "2026-05-01"}, []string{"creation_start_time"}, []string{"Invalid creation_start_time", `is "2026-05-01", which`, `time with seconds and UTC offset, such as "2026-05-01T00:00:00+08:00"`}},
		"no offset":      {object{"creation_end_time": "2026-05-01T10:00:00"}, []string{"creation_end_time"}, []string{"UTC offset", `"2026-05-01T10:00:00+08:00"`}},
		"blank":          {object{"creation_end_time": "2026-05-01 10:00:00"}, []string{"creation_end_time"}, []string{"Write date, T,", `"2026-05-01T10:00:00+08:00"`}},
		"no seconds":     {object{"creation_end_time": "2026-05-01T10:00Z"}, []string{"creation_end_time"}, []string{"with seconds", `"2024-01-01T00:00:00+08:00"`}},
		"no time at all": {object{"creation_end_time": "yesterday"}, []string{"creation_end_time"}, []string{`"yesterday"`, "RFC 3339", `"2024-01-01T00:00:00+08:00"`}},
		"end before start": {
			object{"creation_start_time": "2026-05-01T00:00:00Z", "creation_end_time": "2026-05-01T07:59:59+08:00"},
			[]string{"creation_end_time"},
			[]string{"Ends Before It Starts", "2026-05-01T07:59:59+08:00", "2026-05-01T00:00:00Z"},
		},
		"bad end, not start": {
			object{"creation_start_time": "2026-05-01T00:00:00Z", "creation_end_time": "yesterday"}, []string{"creation_end_time"}, []string{"RFC 3339"},
		},
		"bad start, not end": {
			object{"creation_start_time": "tomorrow", "creation_end_time": "2026-05-01T00:00:00Z"}, []string{"creation_start_time"}, []string{"RFC 3339"},
		},

		"no tags": {object{"tags": map[string]any{}}, []string{"tags"}, []string{"tags map must contain at least 1 elements and at most 20 elements, got: 0"}},
		"21 tags": {object{"tags": tags(21)}, []string{"tags"}, []string{"at most 20 elements, got: 21"}},

		"limit":        {object{"limit": 0}, []string{"limit"}, []string{"Invalid limit", "limit is 0", "a whole number from 1 to 2147483647"}},
		"limit below":  {object{"limit": -3}, []string{"limit"}, []string{"limit is -3"}},
		"limit above":  {object{"limit": 1e20}, []string{"limit"}, []string{"limit is 1e+20"}},
		"limit broken": {object{"limit": 1.5}, []string{"limit"}, []string{"limit is 1.5", "a whole number from 1 to 2147483647"}},

		"region":        {object{"region_id": "Hangzhou"}, []string{"region_id"}, []string{"Invalid region_id", `"Hangzhou"`, "cn-hangzhou"}},
		"region empty":  {object{"region_id": ""}, []string{"region_id"}, []string{"Invalid region_id"}},
		"region host":   {object{"region_id": "cn-x.evil.example/"}, []string{"region_id"}, []string{"Invalid region_id"}},
		"timeout":       {object{"timeouts": object{"read": "10 minutes"}}, []string{"timeouts", "read"}, []string{"Invalid timeouts.read", `timeouts.read is "10 minutes"`, `"10m"`}},
		"timeout bare":  {object{"timeouts": object{"read": "5"}}, []string{"timeouts", "read"}, []string{`timeouts.read is "5"`, "with a unit"}},
		"timeout zero":  {object{"timeouts": object{"read": "0s"}}, []string{"timeouts", "read"}, []string{"positive"}},
		"timeout below": {object{"timeouts": object{"read": "-1m"}}, []string{"timeouts", "read"}, []string{"positive"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, newTestProvider(nil))
			wantOne(t, h.validate("aliyun_ecs_snapshots", test.config), at(test.at...), test.want...)
			if test.at[0] == "limit" || test.at[0] == "region_id" || test.at[0] == "timeouts" {
				return
			}
			// The same filters stand in filter of aliyun_ecs_snapshot.
			for i, want := range test.want {
				test.want[i] = strings.Replace(want, "Invalid ", "Invalid filter.", 1)
			}
			wantOne(t, h.validate("aliyun_ecs_snapshot", object{"filter": test.config}), at(append([]string{"filter"}, test.at...)...), test.want...)
		})
	}
}

// An empty text is refused by every filter: the API would take it for none.
func TestNoFilterIsEmpty(t *testing.T) {
	t.Parallel()
	h := newHarness(t, newTestProvider(nil))
	for _, f := range filters {
		if _, ok := f.attribute.(schema.StringAttribute); !ok {
			continue
		}
		wantOne(t, h.validate("aliyun_ecs_snapshots", object{f.name: ""}), at(f.name), f.name+" is ")
		wantOne(t, h.validate("aliyun_ecs_snapshot", object{"filter": object{f.name: ""}}), at("filter", f.name), f.name+" is ")
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		key, value string
		want       string // "" means valid.
	}{
		"plain":            {"env", "prod", ""},
		"empty value":      {"env", "", ""},
		"longest":          {strings.Repeat("键", 128), strings.Repeat("值", 128), ""},
		"inside":           {"my-aliyun", "not acs:", ""},
		"any value":        {"k", "acs:x https://aliyun", ""}, // The API's rule is on keys.
		"empty key":        {"", "v", "must be between 1 and 128"},
		"long key":         {strings.Repeat("k", 129), "v", "must be between 1 and 128, got: 129"},
		"long value":       {"k", strings.Repeat("v", 129), "must be at most 128, got: 129"},
		"reserved key":     {"aliyun-x", "v", `starts with "aliyun"`},
		"system key":       {"acs:ecs:createdBy", "v", `starts with "aliyun" or "acs:"`},
		"address in a key": {"see http://x", "v", `contains "http://" or "https://"`},
		"https in a key":   {"see https://x", "v", `contains "http://" or "https://"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, newTestProvider(nil))
			diags := h.validate("aliyun_ecs_snapshots", object{"tags": map[string]any{test.key: test.value}})
			if test.want == "" {
				wantNoErrors(t, diags)
				return
			}
			wantOne(t, diags, tftypes.NewAttributePath().WithAttributeName("tags").WithElementKeyString(test.key).String(), test.want)
		})
	}
}

func TestNullElements(t *testing.T) {
	t.Parallel()
	h := newHarness(t, newTestProvider(nil))
	wantNoErrors(t, h.validate("aliyun_ecs_snapshots", object{"tags": map[string]any{"env": nil}}))
	wantOne(t, h.validate("aliyun_ecs_snapshots", object{"snapshot_ids": []string{""}}),
		tftypes.NewAttributePath().WithAttributeName("snapshot_ids").WithElementKeyValue(tftypes.NewValue(tftypes.String, "")).String(), "has an empty ID", "compact()")
}

// Any case is taken where the contract says so, and nothing unknown is refused.
func TestGoodArguments(t *testing.T) {
	t.Parallel()
	h := newHarness(t, newTestProvider(nil))
	twenty := map[string]any{"unknown": tftypes.UnknownValue}
	for i := range 19 {
		twenty[strings.Repeat("k", i+1)] = nil
	}
	for _, config := range []object{
		{},
		{"source_disk_type": "SYSTEM"},
		{"source_disk_type": "data"},
		{"category": "Standard"},
		{"snapshot_ids": []string{}},
		{"snapshot_ids": []string{"s-1", "s-2"}},
		{"encrypted": false},
		{"limit": 1},
		{"limit": 1<<31 - 1},
		{"tags": twenty},
		{"timeouts": object{"read": "1ns"}},
		{"timeouts": object{"read": tftypes.UnknownValue}},
		{"creation_start_time": "2026-05-01T00:00:00Z"},
		{"creation_end_time": "2026-05-01T00:00:00Z"},
		{"creation_start_time": "2026-05-01T00:00:00Z", "creation_end_time": tftypes.UnknownValue},
		{"region_id": "cn-shanghai-finance-1"},
		{"region_id": "xx-newregion-99"},
		{"creation_start_time": "2026-05-01T00:00:00Z", "creation_end_time": "2026-05-01T08:00:00+08:00"},
		{"creation_start_time": tftypes.UnknownValue, "creation_end_time": "2026-05-01T08:00:00+08:00"},
		{"tags": tftypes.UnknownValue, "snapshot_ids": tftypes.UnknownValue, "name_regex": tftypes.UnknownValue, "timeouts": tftypes.UnknownValue},
	} {
		wantNoErrors(t, h.validate("aliyun_ecs_snapshots", config))
	}
	wantNoErrors(t, h.validate("aliyun_ecs_snapshot", object{"filter": tftypes.UnknownValue}))
}

// The documentation names the time for a read where none is set.
func TestDefaultReadTimeout(t *testing.T) {
	t.Parallel()
	block, ok := timeoutsBlock().(schema.SingleNestedBlock)
	if !ok {
		t.Fatal("timeouts is no single block")
	}
	_, documented, _ := strings.Cut(block.Attributes["read"].GetMarkdownDescription(), "Default: `\"")
	documented, _, _ = strings.Cut(documented, "\"")
	if got, err := time.ParseDuration(documented); err != nil || got != defaultReadTimeout {
		t.Errorf("%q is documented, and %v is meant: %v", documented, defaultReadTimeout, err)
	}
}

// Arguments of the provider that the API would refuse, or, worse, take for something else.
func TestBadProviderArguments(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		config object
		at     string
		want   []string
	}{
		"AWS's ARN": {
			object{"assume_role": object{"role_arn": "arn:aws:iam::123456789012:role/reader"}},
			at("assume_role", "role_arn"),
			[]string{"Invalid assume_role.role_arn", "assume_role.role_arn", "acs:ram::<account>:role/<name>"},
		},
		"a role's name": {object{"assume_role": object{"role_arn": "reader"}}, at("assume_role", "role_arn"), []string{"Invalid assume_role.role_arn"}},
		"an empty ARN":  {object{"assume_role": object{"role_arn": ""}}, at("assume_role", "role_arn"), []string{"Invalid assume_role.role_arn"}},
		"a user's ARN":  {object{"assume_role": object{"role_arn": "acs:ram::1234567890123456:user/me"}}, at("assume_role", "role_arn"), []string{"Invalid assume_role.role_arn"}},
		"provider's ARN": {
			object{"assume_role_with_oidc": object{"role_arn": roleARN, "oidc_provider_arn": roleARN}},
			at("assume_role_with_oidc", "oidc_provider_arn"),
			[]string{"Invalid assume_role_with_oidc.oidc_provider_arn", "acs:ram::<account>:oidc-provider/<name>"},
		},
		"a policy's name": {
			object{"assume_role": object{"role_arn": roleARN, "policy": "AliyunECSReadOnlyAccess"}},
			at("assume_role", "policy"),
			[]string{"Invalid assume_role.policy", "isn't a JSON object", "jsonencode()"},
		},
		"a session's name": {
			object{"assume_role": object{"role_arn": roleARN, "session_name": "a b"}},
			at("assume_role", "session_name"),
			[]string{"Invalid assume_role.session_name", `"a b"`, "2 to 64 characters"},
		},
		"an OIDC session's name": {
			object{"assume_role_with_oidc": object{"role_session_name": ""}}, at("assume_role_with_oidc", "role_session_name"), []string{"Invalid assume_role_with_oidc.role_session_name"},
		},
		"long session": {
			object{"assume_role": object{"role_arn": roleARN, "session_expiration": 50_000}},
			at("assume_role", "session_expiration"),
			[]string{"Invalid assume_role.session_expiration", "session_expiration is 50000", "a whole number from 900 to 43200"},
		},
		"requests": {object{"max_concurrent_requests": 0}, at("max_concurrent_requests"), []string{"Invalid max_concurrent_requests", "a whole number from 1 to 32"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantOne(t, newHarness(t, newTestProvider(nil)).configure(test.config), test.at, test.want...)
		})
	}
}

// A filter outside of the filter block, with the name of an attribute of the snapshot.
func TestFilterOutsideOfTheBlock(t *testing.T) {
	t.Parallel()
	h := newHarness(t, newTestProvider(nil))
	diags := h.validate("aliyun_ecs_snapshot", object{"status": "accomplished"})
	wantOne(t, diags[:1], at("status"), "Filter Outside of the Filter Block", "within filter { ... }")
	wantOne(t, diags[1:], at("status"), "Read-Only Attribute")
	wantOne(t, h.validate("aliyun_ecs_snapshot", object{"source_disk_id": "d"}), at("source_disk_id"), "Read-Only Attribute")
	wantOne(t, h.validate("aliyun_ecs_snapshots", object{"latest": object{"status": "accomplished"}}), at("latest"), "Read-Only Attribute")
}

package provider

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

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
		"disk_id empty":           {object{"disk_id": ""}, []string{"disk_id"}, []string{"Empty Filter", "return everything", "set it to null"}},
		"instance_id empty":       {object{"instance_id": ""}, []string{"instance_id"}, []string{"Empty Filter"}},
		"snapshot_link_id empty":  {object{"snapshot_link_id": ""}, []string{"snapshot_link_id"}, []string{"Empty Filter"}},
		"snapshot_name empty":     {object{"snapshot_name": ""}, []string{"snapshot_name"}, []string{"Empty Filter"}},
		"name_regex empty":        {object{"name_regex": ""}, []string{"name_regex"}, []string{"Empty Filter"}},
		"kms_key_id empty":        {object{"kms_key_id": ""}, []string{"kms_key_id"}, []string{"Empty Filter"}},
		"resource_group_id empty": {object{"resource_group_id": ""}, []string{"resource_group_id"}, []string{"Empty Filter"}},
		"snapshot_type":           {object{"snapshot_type": "manual"}, []string{"snapshot_type"}, []string{`"auto"`, `"user"`, `"all"`, "manual"}},
		"snapshot_type empty":     {object{"snapshot_type": ""}, []string{"snapshot_type"}, []string{`"auto"`}},
		"snapshot_type case":      {object{"snapshot_type": "Auto"}, []string{"snapshot_type"}, []string{`"auto"`}},
		"source_disk_type":        {object{"source_disk_type": "root"}, []string{"source_disk_type"}, []string{`"System"`, `"Data"`}},
		"status":                  {object{"status": "done"}, []string{"status"}, []string{`"progressing"`, `"accomplished"`, `"failed"`, `"all"`}},
		"usage":                   {object{"usage": "disks"}, []string{"usage"}, []string{`"image"`, `"disk"`, `"image_disk"`, `"none"`}},
		"category":                {object{"category": "cold"}, []string{"category"}, []string{`"standard"`, `"flash"`, `"archive"`}},
		"name_regex":              {object{"name_regex": "a(b"}, []string{"name_regex"}, []string{"Invalid Regular Expression", "missing closing )", "RE2"}},
		"name_regex lookahead":    {object{"name_regex": "(?!x)"}, []string{"name_regex"}, []string{"Invalid Regular Expression", "no lookaround"}},
		"start time":              {object{"creation_start_time": "2026-05-01"}, []string{"creation_start_time"}, []string{"RFC3339"}},
		"start time empty":        {object{"creation_start_time": ""}, []string{"creation_start_time"}, []string{"RFC3339"}},
		"end time":                {object{"creation_end_time": "yesterday"}, []string{"creation_end_time"}, []string{"RFC3339"}},
		"end time, not start time": {
			object{"creation_start_time": "2026-05-01T00:00:00Z", "creation_end_time": "yesterday"},
			[]string{"creation_end_time"},
			[]string{"RFC3339"},
		},
		"start time, not end time": {
			object{"creation_start_time": "tomorrow", "creation_end_time": "2026-05-01T00:00:00Z"},
			[]string{"creation_start_time"},
			[]string{"RFC3339"},
		},
		"end before start": {
			object{"creation_start_time": "2026-05-01T00:00:00Z", "creation_end_time": "2026-05-01T07:59:59+08:00"},
			[]string{"creation_end_time"},
			[]string{"Ends Before It Starts", "2026-05-01T07:59:59+08:00", "2026-05-01T00:00:00Z"},
		},
		"no tags":       {object{"tags": map[string]any{}}, []string{"tags"}, []string{"1 to 20", "set it to null"}},
		"21 tags":       {object{"tags": tags(21)}, []string{"tags"}, []string{"there are 21 tags", "1 to 20"}},
		"70 tags":       {object{"tags": tags(70)}, []string{"tags"}, []string{"there are 70 tags", "1 to 20"}}, // Of which some keys are too long.
		"limit":         {object{"limit": 0}, []string{"limit"}, []string{"at least 1"}},
		"limit below":   {object{"limit": -3}, []string{"limit"}, []string{"at least 1"}},
		"limit broken":  {object{"limit": 1.5}, []string{"limit"}, []string{"Invalid Number", "the value is 1.5", "whole number of at least 1"}},
		"limit 1 more":  {object{"limit": 1 << 31}, []string{"limit"}, []string{"at most 2147483647"}},
		"limit beyond":  {object{"limit": 1e20}, []string{"limit"}, []string{"1e+20", "at most 2147483647"}},
		"region":        {object{"region_id": "Hangzhou"}, []string{"region_id"}, []string{"Invalid Region ID", `"Hangzhou"`, "cn-hangzhou"}},
		"region empty":  {object{"region_id": ""}, []string{"region_id"}, []string{"Invalid Region ID"}},
		"region host":   {object{"region_id": "cn-x.evil.example/"}, []string{"region_id"}, []string{"Invalid Region ID"}},
		"timeout":       {object{"timeouts": object{"read": "10 minutes"}}, []string{"timeouts", "read"}, []string{"Duration", `"2h45m"`}},
		"timeout zero":  {object{"timeouts": object{"read": "0s"}}, []string{"timeouts", "read"}, []string{"must be positive"}},
		"timeout below": {object{"timeouts": object{"read": "-1m"}}, []string{"timeouts", "read"}, []string{"must be positive"}},
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
			wantOne(t, h.validate("aliyun_ecs_snapshot", object{"filter": test.config}), at(append([]string{"filter"}, test.at...)...), test.want...)
		})
	}
}

func TestBadTags(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		key, value string
		want       string // "" means valid.
	}{
		"plain":              {"env", "prod", ""},
		"empty value":        {"env", "", ""},
		"longest":            {strings.Repeat("键", 64), strings.Repeat("值", 128), ""},
		"inside":             {"my-aliyun", "not acs:", ""},
		"empty key":          {"", "v", "key has 0 characters; 1 to 64"},
		"long key":           {strings.Repeat("k", 65), "v", "key has 65 characters"},
		"long value":         {"k", strings.Repeat("v", 129), "value has 129 characters; at most 128"},
		"reserved key":       {"aliyun-x", "v", `key starts with "aliyun"`},
		"system key":         {"acs:ecs:createdBy", "v", `key starts with "acs:"`},
		"reserved value":     {"k", "aliyun", `value starts with "aliyun"`},
		"system value":       {"k", "acs:x", `value starts with "acs:"`},
		"http key":           {"see http://x", "v", `key contains "http://"`},
		"https value":        {"k", "at https://x", `value contains "https://"`},
		"http in the middle": {"k", "xhttp://", `value contains "http://"`},
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
		tftypes.NewAttributePath().WithAttributeName("snapshot_ids").WithElementKeyValue(tftypes.NewValue(tftypes.String, "")).String(), "Empty ID", "compact()")
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
	block, ok := timeoutsBlock(t.Context()).(schema.SingleNestedBlock)
	if !ok {
		t.Fatal("timeouts is no single block")
	}
	_, documented, _ := strings.Cut(block.Attributes["read"].GetDescription(), "Default: `\"")
	documented, _, _ = strings.Cut(documented, "\"")
	if got, err := time.ParseDuration(documented); err != nil || got != defaultReadTimeout {
		t.Errorf("%q is documented, and %v is meant: %v", documented, defaultReadTimeout, err)
	}
}

func FuzzTagRules(f *testing.F) {
	f.Add("env", "prod")
	f.Add("aliyun", "acs:")
	f.Add(strings.Repeat("x", 65), "https://")
	f.Add("\xff", "")
	f.Fuzz(func(t *testing.T, key, value string) {
		keyProblem, valueProblem := tagKeyProblem(key), tagValueProblem(value)
		reserved := func(s string) bool {
			return strings.HasPrefix(s, "aliyun") || strings.HasPrefix(s, "acs:") || strings.Contains(s, "http://") || strings.Contains(s, "https://")
		}
		n := utf8.RuneCountInString(key)
		if bad := n < 1 || n > 64 || reserved(key); bad != (keyProblem != "") {
			t.Errorf("key %q: %q", key, keyProblem)
		}
		if bad := utf8.RuneCountInString(value) > 128 || reserved(value); bad != (valueProblem != "") {
			t.Errorf("value %q: %q", value, valueProblem)
		}
	})
}

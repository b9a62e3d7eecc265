package ecstest_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

func TestSampleGrowsAtItsEnd(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(ecstest.Sample(40), ecstest.Sample(300)[:40]); diff != "" {
		t.Error(diff)
	}
	ids, uncut := map[string]bool{}, 0
	for _, s := range ecstest.Sample(20000) {
		ids[s.SnapshotID] = true
		if s.CreationTime == "" {
			uncut++
		}
	}
	if len(ids) != 20000 {
		t.Errorf("%d ids", len(ids))
	}
	if uncut == 0 || uncut > 10 {
		t.Errorf("%d snapshots are not cut yet: the newest ones have to be on the first page of any sample", uncut)
	}
}

// Every oddity that real replies have is among the first 250, as it is sent.
func TestSampleHasEverything(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, ecstest.Sample(250)...)
	c := newClient(t, server.URL)
	var sent []map[string]any
	for _, page := range []string{"1", "2", "3"} {
		sent = append(sent, c.describe(p("PageSize", "100", "PageNumber", page)).List.Snapshot...)
	}
	type fields = map[string]any
	has := func(name string, value any) func(fields) bool {
		return func(f fields) bool { return f[name] == value }
	}
	without := func(name string) func(fields) bool {
		return func(f fields) bool { _, ok := f[name]; return !ok }
	}
	for name, want := range map[string]func(fields) bool{
		"size as string":         func(f fields) bool { _, ok := f["SourceDiskSize"].(string); return ok },
		"size as number":         func(f fields) bool { _, ok := f["SourceDiskSize"].(float64); return ok },
		"progress without sign":  has("Progress", "100"),
		"half done":              has("Progress", "45%"),
		"not cut yet":            has("CreationTime", ""),
		"minutes":                func(f fields) bool { s, _ := f["CreationTime"].(string); return len(s) == len("2024-01-01T00:00Z") },
		"in progress, unusable":  func(f fields) bool { return f["Status"] == "progressing" && f["Available"] == false },
		"in progress, usable":    func(f fields) bool { return f["Status"] == "progressing" && f["Available"] == true },
		"failed":                 has("Status", "failed"),
		"unusable":               func(f fields) bool { return f["Status"] == "accomplished" && f["Available"] == false },
		"no Available":           without("Available"),
		"no RetentionDays":       without("RetentionDays"),
		"no RemainTime":          without("RemainTime"),
		"no KMSKeyId":            without("KMSKeyId"),
		"empty KMSKeyId":         has("KMSKeyId", ""),
		"no SourceRegionId":      without("SourceRegionId"),
		"a copy":                 has("SourceRegionId", "cn-beijing"),
		"no Tags":                without("Tags"),
		"no name":                without("SnapshotName"),
		"no InstantAccess":       without("InstantAccess"),
		"large":                  func(f fields) bool { n, _ := f["FullSnapshotSizeInBytes"].(float64); return n > 1<<31 },
		"timer":                  has("SnapshotType", "timer"),
		"system":                 has("SourceDiskType", "system"),
		"DATA":                   has("SourceDiskType", "DATA"),
		"HTML":                   has("Description", `<b>release</b> & "rollback" 'v2'`),
		"Chinese":                has("Description", "每日备份：财务数据库"),
		"encrypted":              has("Encrypted", true),
		"archive":                has("Category", "archive"),
		"used by disk and image": has("Usage", "image_disk"),
		"system tag": func(f fields) bool {
			b, _ := json.Marshal(f["Tags"])
			return string(b) == `{"Tag":[{"TagKey":"acs:ecs:createdBy","TagValue":"autoSnapshotPolicy"}]}`
		},
	} {
		found := false
		for _, f := range sent {
			found = found || want(f)
		}
		if !found {
			t.Errorf("no snapshot is: %s", name)
		}
	}
}

func TestRawOverridesTheReply(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, ecstest.Snapshot{
		SnapshotID: "s-1", Status: "failed",
		Raw: map[string]any{"Status": 7, "Tags": nil, "Encrypted": ecstest.Absent, "Description": "a<b"},
	})
	a := newClient(t, server.URL).describe(p("Status", "failed"))
	want := []map[string]any{{
		"SnapshotId": "s-1", "Status": 7.0, "Tags": nil, "Description": "a<b", "ProductCode": "", "CreationTime": "",
	}}
	if diff := cmp.Diff(want, a.List.Snapshot); diff != "" {
		t.Error(diff)
	}
}

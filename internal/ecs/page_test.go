package ecs

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// with makes one snapshot's field something else.
func with(id, field string, value any) ecstest.Fault {
	return ecstest.AlterSnapshots(func(snapshot map[string]any) {
		if snapshot["SnapshotId"] == id {
			snapshot[field] = value
		}
	})
}

// A value that nobody filters or sorts by is null, and the log names it.
func TestUnreadableValues(t *testing.T) {
	t.Parallel()
	for field, value := range map[string]any{
		"Progress": "99.5%", "RemainTime": "soon", "Available": "perhaps", "Encrypted": []int{1}, "LastModifiedTime": "yesterday",
		"Tags": map[string]any{"Tag": []any{map[string]any{"TagValue": "v"}}}, "SourceDiskSize": map[string]any{}, "RetentionDays": "∞",
	} {
		snapshots := sample(5)
		server := ecstest.Start(t, snapshots...)
		server.Inject(with(snapshots[1].SnapshotID, field, value))
		logger, lines := infoLines()
		got := list(t, newTestClient(t, server, func(c *rpc.Config) { c.Logger = logger }), Query{})
		if diff := cmp.Diff(idsOf(snapshots), got); diff != "" {
			t.Errorf("%s: %s", field, diff)
		}
		line := lines(t)[0]
		if line["level"] != "WARN" || line["field"] != field || line["snapshot"] != snapshots[1].SnapshotID || line["value"] == "" || line["request_id"] == "" {
			t.Errorf("%s: %v", field, line)
		}
	}
}

// One that decides is an error, which names the snapshot and the field.
func TestUnreadableDecisiveValues(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		field string
		value any
		query Query
		want  ValueError
	}{
		"no id":               {"SnapshotId", nil, Query{}, ValueError{Field: "SnapshotId"}},
		"a time":              {"CreationTime", "yesterday", Query{}, ValueError{SnapshotID: "s-00001", Field: "CreationTime", Value: `"yesterday"`}},
		"tags under a filter": {"Tags", "t", Query{Tags: map[string]*string{"env": nil}}, ValueError{SnapshotID: "s-00001", Field: "Tags", Value: `"t"`}},
		"encrypted":           {"Encrypted", "sure", Query{Encrypted: new(false)}, ValueError{SnapshotID: "s-00001", Field: "Encrypted", Value: `"sure"`}},
		"available":           {"Available", 7, Query{UsableOnly: true}, ValueError{SnapshotID: "s-00001", Field: "Available", Value: `7`}},
		"a long value": {
			"CreationTime", strings.Repeat("x", 1000),
			Query{},
			ValueError{SnapshotID: "s-00001", Field: "CreationTime", Value: `"` + strings.Repeat("x", 99)},
		},
	} {
		server := ecstest.Start(t, tagged(3)...)
		server.Inject(with("s-00001", test.field, test.value))
		var got *ValueError
		if err := refuse(t, newTestClient(t, server), test.query); !errors.As(err, &got) || got.RequestID == "" {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got.RequestID = ""
		if diff := cmp.Diff(test.want, *got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Millions of empty snapshots, which compress to a few KB, are refused without taking
// memory for each.
func TestMillionsOfSnapshots(t *testing.T) { // Not parallel: it measures all memory.
	var body bytes.Buffer
	z := gzip.NewWriter(&body)
	_, _ = z.Write([]byte(`{"TotalCount":1000000,"Snapshots":{"Snapshot":[{}`))
	_, _ = z.Write(bytes.Repeat([]byte(`,{}`), 1_000_000))
	_, _ = z.Write([]byte(`]}}`))
	_ = z.Close()
	plain, err := gzip.NewReader(&body)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if _, err := text.ReadFrom(plain); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	p := page{at: position{number: 1, size: pageSize}}
	if err := json.Unmarshal(text.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	wantErrorText(t, p.read(), "more snapshots than the 100")
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
		t.Errorf("%d KiB", used>>10)
	}
}

// Names and tags are found in whatever form of Unicode the service has them.
func TestUnicodeForms(t *testing.T) {
	t.Parallel()
	const composed, decomposed = "caf\u00e9", "cafe\u0301"
	snapshots := numbered(0, 150)
	snapshots[3].SnapshotName = decomposed
	snapshots[4].SnapshotName = composed
	snapshots[5].Tags = []ecstest.Tag{{Key: "env", Value: "prod"}, {Key: decomposed, Value: decomposed}}
	snapshots[6].Tags = []ecstest.Tag{{Key: "env", Value: "prod"}}
	snapshots[7].SnapshotName = "\u5feb\u7167"
	find := func(q Query, faults ...ecstest.Fault) ([]Snapshot, int) {
		server := ecstest.Start(t, snapshots...)
		server.Inject(faults...)
		q.RegionID = testRegion
		result, err := newTestClient(t, server).List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		return result.Snapshots, server.CallCount(ecstest.ActionDescribeSnapshots)
	}
	for name, test := range map[string]struct {
		query  Query
		faults []ecstest.Fault
		want   []string
		calls  int
	}{
		"every form of a name":   {Query{SnapshotName: composed}, nil, []string{"s-00004", "s-00003"}, 2},
		"of which there are two": {Query{SnapshotName: composed, Unique: true}, nil, []string{"s-00004", "s-00003"}, 2},
		"no such name":           {Query{SnapshotName: "caf\u00ea"}, nil, nil, 2},
		"no such ASCII name":     {Query{SnapshotName: "cafe"}, nil, nil, 1},
		"a name of one form":     {Query{SnapshotName: "\u5feb\u7167"}, nil, []string{"s-00007"}, 1},
		"a tag":                  {Query{Tags: map[string]*string{composed: new(composed)}}, nil, []string{"s-00005"}, 2},
		"a tag of any value":     {Query{Tags: map[string]*string{composed: nil}}, nil, []string{"s-00005"}, 2},
		"two tags":               {Query{Tags: map[string]*string{composed: nil, "env": new("prod")}}, nil, []string{"s-00005"}, 1},
		"no such tag":            {Query{Tags: map[string]*string{"\u00fc": nil}}, nil, nil, 2},
	} {
		got, calls := find(test.query, test.faults...)
		if diff := cmp.Diff(strings.Join(test.want, " "), strings.Join(ids(got), " ")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if calls > test.calls {
			t.Errorf("%s: %d calls, want %d", name, calls, test.calls)
		}
	}
	got, _ := find(Query{SnapshotIDs: []string{"s-00003", "s-00005"}})
	if got[1].SnapshotName != composed || got[0].Tags[composed] != composed {
		t.Errorf("%q and %q", got[1].SnapshotName, got[0].Tags)
	}
}

// A filter is kept by a service that ignores the parameter, as far as replies go.
func TestIgnoredFilters(t *testing.T) {
	t.Parallel()
	snapshots := tagged(150)
	for i := range snapshots {
		s := &snapshots[i]
		s.SnapshotName, s.SnapshotLinkID, s.SourceDiskType, s.Category, s.KMSKeyID = "n-1", "sl-1", "system", "standard", "k-1"
		if i%2 == 0 {
			s.SnapshotName, s.SnapshotLinkID, s.SourceDiskType, s.Category, s.KMSKeyID = "n-2", "sl-2", "data", "archive", "k-2"
			s.ResourceGroupID, s.Status, s.SourceDiskID = "rg-2", "failed", "d-2"
			s.Tags = []ecstest.Tag{{Key: "env", Value: "dev"}}
		}
		s.Encrypted = i%2 == 1
	}
	for parameter, q := range map[string]Query{
		"DiskId": {DiskID: "d-1"}, "SnapshotLinkId": {SnapshotLinkID: "sl-1"}, "SnapshotName": {SnapshotName: "n-1"},
		"SourceDiskType": {SourceDiskType: "System"}, "Status": {Status: "accomplished"}, "Category": {Category: "standard"},
		"Encrypted": {Encrypted: new(true)}, "KMSKeyId": {KMSKeyID: "k-1"}, "ResourceGroupId": {ResourceGroupID: "rg-1"},
		"Tag": {Tags: map[string]*string{"env": new("prod")}}, "SnapshotIds": {SnapshotIDs: []string{"s-00001", "s-00149"}},
		"Filter": {CreationStartTime: parseTime(t, "2024-01-01T02:00:00Z")},
	} {
		server := ecstest.Start(t, snapshots...)
		server.Inject(ignore(parameter))
		if diff := cmp.Diff(idsOf(reference(snapshots, q, service{})), list(t, newTestClient(t, server), q)); diff != "" {
			t.Errorf("%s: %s", parameter, diff)
		}
	}
}

// A snapshot whose name was sent empty has none, so it doesn't match a name, even if ECS
// ignores the parameter; one that the response gives no name for may match.
func TestEmptyNameMatchesNoName(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name any
		want []string
	}{
		{"", nil},
		{ecstest.Absent, []string{"s-00000"}},
	} {
		server := ecstest.Start(t, numbered(0, 1)...)
		server.Inject(ignore("SnapshotName"), ecstest.SetFields("SnapshotName", test.name))
		got := list(t, newTestClient(t, server), Query{SnapshotName: "nightly"})
		if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%v: %s", test.name, diff)
		}
	}
}

// A page whose Snapshots are none of a list's names the member.
func TestSnapshotsAreNoList(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"Snapshots":{"Snapshot":{}}}`, `{"Snapshots":{"Snapshot":7}}`, `{"Snapshots":{"Snapshot":[7]}}`, `{"Snapshots":{"Snapshot":[[]]}}`} {
		server := ecstest.Start(t)
		server.Inject(ecstest.Respond(http.StatusOK, "application/json", []byte(body)))
		if err := refuse(t, newTestClient(t, server), Query{}); !strings.Contains(err.Error(), "Snapshots.Snapshot") {
			t.Errorf("%s: %v", body, err)
		}
	}
}

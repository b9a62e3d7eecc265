package ecs

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// ownParameters makes the call that a query and a position give and tells what
// was sent of DescribeSnapshots' own parameters.
func ownParameters(t *testing.T, q Query, at position) map[string]string {
	t.Helper()
	server := ecstest.Start(t)
	q.RegionID = testRegion
	// What the service says to the parameters is not the matter here.
	_, _ = newRead(newTestClient(t, server), q).describe(t.Context(), q, at)
	calls := server.Calls()
	if len(calls) != 1 {
		t.Fatalf("%d calls", len(calls))
	}
	own := map[string]string{}
	for name, values := range calls[0].Params {
		switch name {
		case "AccessKeyId", "Format", "Timestamp", "SecurityToken":
			continue
		}
		if !strings.HasPrefix(name, "Signature") {
			own[name] = strings.Join(values, "|")
		}
	}
	return own
}

func TestRequest(t *testing.T) {
	t.Parallel()
	always := map[string]string{"Action": "DescribeSnapshots", "Version": "2014-05-26", "RegionId": testRegion, "PageNumber": "1", "PageSize": "100"}
	for name, test := range map[string]struct {
		query Query
		want  map[string]string
	}{
		"nothing": {Query{}, nil},
		"every filter": {
			Query{
				DiskID: "d-1", InstanceID: "i-1", SnapshotIDs: []string{"s-1", "s-2"}, SnapshotLinkID: "sl-1",
				SnapshotName: "a name & more", SnapshotType: "user", SourceDiskType: "System", Status: "accomplished",
				Usage: "image_disk", Category: "flash", Encrypted: new(true), KMSKeyID: "k-1", ResourceGroupID: "rg-1", DryRun: true,
			},
			map[string]string{
				"DiskId": "d-1", "InstanceId": "i-1", "SnapshotIds": `["s-1","s-2"]`, "SnapshotLinkId": "sl-1",
				"SnapshotName": "a name & more", "SnapshotType": "user", "SourceDiskType": "System", "Status": "accomplished",
				"Usage": "image_disk", "Category": "flash", "Encrypted": "true", "KMSKeyId": "k-1", "ResourceGroupId": "rg-1", "DryRun": "true",
			},
		},
		"unencrypted only": {Query{Encrypted: new(false)}, map[string]string{"Encrypted": "false"}},
		"tags in order": {
			Query{Tags: map[string]*string{"team": new("数据"), "env": new("prod"), "any": nil, "none": new("")}},
			map[string]string{
				"Tag.1.Key": "any", "Tag.2.Key": "env", "Tag.2.Value": "prod", "Tag.3.Key": "none", "Tag.3.Value": "", "Tag.4.Key": "team", "Tag.4.Value": "数据",
			},
		},
		"what is applied here is not sent": {Query{Limit: 3}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			want := map[string]string{}
			for _, part := range []map[string]string{always, test.want} {
				for name, value := range part {
					want[name] = value
				}
			}
			if diff := cmp.Diff(want, ownParameters(t, test.query, position{number: 1, size: 100})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRequestPosition(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		at   position
		want url.Values
	}{
		"a page":      {position{number: 7, size: 100}, url.Values{"PageNumber": {"7"}, "PageSize": {"100"}}},
		"a short one": {position{number: 2, size: 10}, url.Values{"PageNumber": {"2"}, "PageSize": {"10"}}},
		"the start":   {position{number: 1, size: 100, byToken: true}, url.Values{"MaxResults": {"100"}}},
		"from there":  {position{number: 2, size: 100, byToken: true, token: "t=="}, url.Values{"NextToken": {"t=="}, "MaxResults": {"100"}}},
	} {
		got := url.Values{}
		for parameter, value := range ownParameters(t, Query{}, test.at) {
			switch parameter {
			case "PageNumber", "PageSize", "NextToken", "MaxResults":
				got.Set(parameter, value)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// The minutes asked for take the whole window in, whatever the service makes of
// its bounds.
func TestRequestTimes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ from, to, wantFrom, wantTo string }{
		{"2024-05-01T12:00:00Z", "2024-05-01T12:00:00Z", "2024-05-01T11:59Z", "2024-05-01T12:01Z"},
		{"2024-05-01T12:00:30Z", "2024-05-01T12:00:59Z", "2024-05-01T11:59Z", "2024-05-01T12:01Z"},
		{"2024-05-01T00:00:00+08:00", "2024-12-31T23:59:59-01:00", "2024-04-30T15:59Z", "2025-01-01T01:00Z"},
		{"2024-03-01T00:00:00Z", "", "2024-02-29T23:59Z", ""},
		{"", "2024-03-01T00:00:00Z", "", "2024-03-01T00:01Z"},
		{"0001-01-01T00:01:00Z", "9999-12-31T23:58:00Z", "0001-01-01T00:00Z", "9999-12-31T23:59Z"},
	} {
		q := Query{CreationStartTime: parseTime(t, test.from), CreationEndTime: parseTime(t, test.to)}
		want, got := map[string]string{}, map[string]string{}
		if test.wantFrom != "" {
			want["Filter.1.Key"], want["Filter.1.Value"] = "CreationStartTime", test.wantFrom
		}
		if test.wantTo != "" {
			want["Filter.2.Key"], want["Filter.2.Value"] = "CreationEndTime", test.wantTo
		}
		for name, value := range ownParameters(t, q, position{number: 1, size: 100}) {
			if strings.HasPrefix(name, "Filter.") {
				got[name] = value
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v: %s", test, diff)
		}
	}
}

func parseTime(t *testing.T, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// Every bound that the service may have gives the same exact window.
func TestWindowWhateverTheBounds(t *testing.T) {
	t.Parallel()
	var snapshots []ecstest.Snapshot
	for i, second := range []string{"11:59:59", "12:00:00", "12:00:15", "12:00:30", "12:00:45", "12:00:59", "12:01:00", "12:01:30"} {
		snapshots = append(snapshots, ecstest.Snapshot{SnapshotID: fmt.Sprint("s-", i), CreationTime: "2024-05-01T" + second + "Z"})
	}
	for _, test := range []struct {
		from, to string
		want     []string
	}{
		{"12:00:15", "12:00:45", []string{"s-4", "s-3", "s-2"}},
		{"12:00:00", "12:00:00", []string{"s-1"}},
		{"12:00:30", "", []string{"s-7", "s-6", "s-5", "s-4", "s-3"}},
		{"", "12:00:00", []string{"s-1", "s-0"}},
		{"12:00:15.7", "12:00:30.2", []string{"s-3", "s-2"}},
	} {
		for _, start := range []ecstest.Bound{ecstest.Inclusive, ecstest.Exclusive} {
			for _, end := range []ecstest.Bound{ecstest.Inclusive, ecstest.Exclusive} {
				server := ecstest.Start(t, snapshots...)
				server.SetTimeBounds(start, end)
				var q Query
				if test.from != "" {
					q.CreationStartTime = parseTime(t, "2024-05-01T"+test.from+"Z")
				}
				if test.to != "" {
					q.CreationEndTime = parseTime(t, "2024-05-01T"+test.to+"Z")
				}
				if diff := cmp.Diff(test.want, list(t, newTestClient(t, server), q)); diff != "" {
					t.Errorf("%v with bounds %d, %d: %s", test, start, end, diff)
				}
			}
		}
	}
}

// Times at the ends of the calendar have no minute beyond them, and bound nothing.
func TestTimesAtTheEndsOfTheCalendar(t *testing.T) {
	t.Parallel()
	for name, q := range map[string]Query{
		"start": {CreationStartTime: time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC)},
		"end":   {CreationEndTime: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)},
	} {
		parameters := parametersOf(q, position{number: 1, size: pageSize})
		for parameter, value := range parameters {
			if strings.HasPrefix(parameter, "Filter.") {
				t.Errorf("%s: asks for %s %q", name, parameter, value)
			}
		}
	}
}

// Whatever the window, the minutes that are asked for hold all that is kept, also
// where the service leaves its bounds out and knows no seconds.
func FuzzTimeWindow(f *testing.F) {
	f.Add("2024-05-01T12:00:00Z", "2024-05-01T12:00:00Z", "2024-05-01T12:00:00Z")
	f.Add("2024-05-01T00:00:59.9+08:00", "2024-12-31T23:59:59-01:00", "2024-07-01T12:00Z")
	f.Add("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2016-12-31T23:59:60Z")
	f.Add("9999-12-31T23:59:59-12:00", "0000-01-01T00:00:00+12:00", "")
	f.Fuzz(func(t *testing.T, from, to, created string) {
		var q Query
		var s Snapshot
		var err error
		if q.CreationStartTime, err = time.Parse(time.RFC3339, from); err != nil {
			return
		}
		if q.CreationEndTime, err = time.Parse(time.RFC3339, to); err != nil {
			return
		}
		if s.CreationTime.UnmarshalJSON(fmt.Appendf(nil, "%q", created)) != nil || !q.mayBeInWindow(&s) {
			return
		}
		parameters := parametersOf(q, position{number: 1, size: pageSize})
		minute := s.CreationTime.Value.Truncate(time.Minute)
		for parameter, start := range map[string]bool{"Filter.1.Value": true, "Filter.2.Value": false} {
			bound, ok := parameters[parameter]
			if !ok {
				continue // It bounds nothing.
			}
			at, err := time.Parse("2006-01-02T15:04Z", bound)
			if err != nil {
				t.Error(err)
			}
			if start && !at.Before(minute) || !start && !at.After(minute) {
				t.Errorf("from %q to %q: %v leaves %q out", from, to, bound, created)
			}
		}
	})
}

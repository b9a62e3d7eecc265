package ecs

import (
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestInt(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]int64{
		`40`: 40, `"40"`: 40, `"100%"`: 100, `"0%"`: 0, `" 7 "`: 7, `-1`: -1,
		`9007199254740993`: 9007199254740993, `"9223372036854775807"`: 1<<63 - 1,
	} {
		var got Int
		if err := json.Unmarshal([]byte(data), &got); err != nil || got != (Int{Value: want, Valid: true}) {
			t.Errorf("%s: got %v and %v, want %v", data, got, err, want)
		}
	}
	for _, data := range []string{`""`, `null`} {
		var got Int
		if err := json.Unmarshal([]byte(data), &got); err != nil || got != (Int{}) {
			t.Errorf("%s: got %v and %v", data, got, err)
		}
	}
	for _, data := range []string{`4.5`, `40.0`, `4e1`, `"forty"`, `true`, `{}`, `[1]`, `9223372036854775808`, `"NaN"`, `"Inf"`, `1e400`, `"1 0"`, `9007199254740992.0`, `"%"`} {
		var got Int
		if err := json.Unmarshal([]byte(data), &got); err != nil || got.Valid || got.unread != data {
			t.Errorf("%s: got %v and %v", data, got, err)
		}
	}
}

func TestBool(t *testing.T) {
	t.Parallel()
	yes, no := Bool{Value: true, Valid: true}, Bool{Valid: true}
	for data, want := range map[string]Bool{
		`true`: yes, `false`: no, `"true"`: yes, `"False"`: no, `"TRUE"`: yes, `1`: yes, `"0"`: no, `""`: {}, `null`: {},
	} {
		var got Bool
		if err := json.Unmarshal([]byte(data), &got); err != nil || got != want {
			t.Errorf("%s: got %v and %v, want %v", data, got, err, want)
		}
	}
	for _, data := range []string{`"yes"`, `2`, `{}`, `[]`} {
		var got Bool
		if err := json.Unmarshal([]byte(data), &got); err != nil || got.Valid || got.unread != data {
			t.Errorf("%s: got %v and %v", data, got, err)
		}
	}
}

func TestTime(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]time.Time{
		`"2018-10-03T11:57:05Z"`:      time.Date(2018, 10, 3, 11, 57, 5, 0, time.UTC),
		`"2014-07-24T13:00Z"`:         time.Date(2014, 7, 24, 13, 0, 0, 0, time.UTC),
		`"2018-10-03T19:57:05+08:00"`: time.Date(2018, 10, 3, 11, 57, 5, 0, time.UTC),
		`"2018-10-03T11:57:05.999Z"`:  time.Date(2018, 10, 3, 11, 57, 5, 0, time.UTC),
		`""`:                          {},
		`null`:                        {},
	} {
		var got Time
		if err := json.Unmarshal([]byte(data), &got); err != nil || !got.Value.Equal(want) || got.Value.Location() != time.UTC {
			t.Errorf("%s: got %v and %v, want %v", data, got, err, want)
		}
	}
	for _, data := range []string{`"yesterday"`, `1538567825`, `1538567825999`, `"2026-07-31 22:00:00"`, `"2026-07-31T22:00:00"`, `9999999999999999`, `{}`, `"2018-13-03T11:57:05Z"`} {
		var got Time
		if err := json.Unmarshal([]byte(data), &got); err != nil || got != (Time{unread: data}) {
			t.Errorf("%s: got %v", data, got)
		}
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]Tags{
		`{"Tag":[{"TagKey":"a","TagValue":"b"},{"TagKey":"acs:x","TagValue":7}]}`: {"a": "b", "acs:x": "7"},
		`{"Tag":[{"TagKey":"a"}]}`: {"a": ""},
		`{"Tag":[]}`:               {}, `{}`: {},
		`null`: nil, // Absent.
		`{"Tag":[{"TagKey":"e\u0301","TagValue":"u\u0308"}]}`: {"\u00e9": "\u00fc"},
	} {
		var got Tags
		if err := json.Unmarshal([]byte(data), &got); err != nil {
			t.Errorf("%s: %v", data, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", data, diff)
		}
	}
	for _, data := range []string{`{"Tag":[{"TagValue":"b"}]}`, `["a"]`, `"a"`, `""`, `[]`, `{"Tag":{}}`} {
		var got Tags
		if err := json.Unmarshal([]byte(data), &got); err != nil || got[unreadTags] != data {
			t.Errorf("%s: got %v", data, got)
		}
	}
}

// The reply of a public issue of 2018, and the example of the API's document.
func TestRealReplies(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		data string
		want Snapshot
	}{
		"2018": {
			`{"PageNumber":1,"TotalCount":1,"PageSize":10,"RequestId":"R","Snapshots":{"Snapshot":[{"SnapshotId":"s-gw890iev8ynwk9l6ry61",
			"SourceDiskId":"d-gw88owuii37is8s6u0h5","SourceDiskSize":40,"SourceDiskType":"system","Usage":"image","Description":"",
			"CreationTime":"2018-10-03T11:57:05Z","SourceStorageType":"disk","Encrypted":false,"ProductCode":"","Tags":{"Tag":[]}}]}}`,
			Snapshot{
				SnapshotID: "s-gw890iev8ynwk9l6ry61", SourceDiskID: "d-gw88owuii37is8s6u0h5", SourceDiskSize: Int{Value: 40, Valid: true},
				SourceDiskType: "system", Usage: "image", CreationTime: Time{Valid: true, Value: time.Date(2018, 10, 3, 11, 57, 5, 0, time.UTC)},
				SourceStorageType: "disk", Encrypted: Bool{Value: false, Valid: true}, Tags: Tags{},
			},
		},
		"the document's": {
			`{"PageNumber":1,"TotalCount":1,"PageSize":2,"RequestId":"R","Snapshots":{"Snapshot":[{"CreationTime":"2015-07-30T05:00:14Z",
			"Status":"accomplished","SnapshotName":"auto_20150730_3","SourceDiskType":"system","SourceDiskId":"d-944qyqjfa",
			"SnapshotId":"s-943ypfgic","SourceDiskSize":"20","Progress":"100%","Usage":"none"}]}}`,
			Snapshot{
				CreationTime: Time{Valid: true, Value: time.Date(2015, 7, 30, 5, 0, 14, 0, time.UTC)}, Status: "accomplished", SnapshotName: "auto_20150730_3",
				SourceDiskType: "system", SourceDiskID: "d-944qyqjfa", SnapshotID: "s-943ypfgic", SourceDiskSize: Int{Value: 20, Valid: true},
				Progress: Int{Value: 100, Valid: true}, Usage: "none",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := page{at: position{number: 1, size: pageSize, byToken: true}}
			if err := json.Unmarshal([]byte(test.data), &got); err != nil {
				t.Fatal(err)
			}
			if err := got.read(); err != nil || got.TotalCount != (Int{Value: 1, Valid: true}) {
				t.Errorf("%v, total %v", err, got.TotalCount)
			}
			if diff := cmp.Diff([]Snapshot{test.want}, got.list, cmp.AllowUnexported(Int{}, Bool{}, Time{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Any bytes are an error or a page, never a panic.
func FuzzReply(f *testing.F) {
	for _, seed := range []string{
		`{"TotalCount":1,"Snapshots":{"Snapshot":[{"SnapshotId":"s-1","SourceDiskSize":"40","Progress":"5%","Tags":{"Tag":[{"TagKey":"k"}]}}]}}`,
		`{"Snapshots":{"Snapshot":[{"SnapshotId":7,"Encrypted":"x"}]}}`, `{"Snapshots":{"Snapshot":[null]}}`, `{"Snapshots":null}`,
		`{"Code":{},"TotalCount":"","NextToken":5,"Snapshots":{}}`, `null`, `[]`, `<a/>`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p := page{at: position{number: 1, size: pageSize}}
		if json.Unmarshal(data, &p) != nil || p.read() != nil || newRead(discarding, Query{}).checkValues(t.Context(), &p) != nil {
			return
		}
		for _, s := range p.list {
			if s.SnapshotID == "" {
				t.Error("a snapshot without an id")
			}
			if created := s.CreationTime.Value; !created.IsZero() && created.Location() != time.UTC {
				t.Errorf("a time at %v", created.Location())
			}
		}
	})
}

// discarding is a client that can only log.
var discarding = &Client{logger: slog.New(slog.DiscardHandler)}

package ecstest_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

func TestAlteredReplies(t *testing.T) {
	t.Parallel()
	snapshot := ecstest.Snapshot{
		SnapshotID: "s-1", SnapshotName: "42", Progress: "100", SourceDiskSize: 40, FullSnapshotSizeInBytes: new(int64(1<<53 + 1)),
		Raw: map[string]any{"Tags": ecstest.Absent, "ProductCode": ecstest.Absent, "Description": ecstest.Absent},
	}
	tests := []struct {
		name  string
		fault ecstest.Fault
		want  string // The snapshots and the total.
	}{
		{
			"none", ecstest.LongPage(0),
			`[{"CreationTime":"","Encrypted":false,"FullSnapshotSizeInBytes":9007199254740993,"Progress":"100","SnapshotId":"s-1",` +
				`"SnapshotName":"42","SourceDiskSize":40}] 1`,
		},
		{
			"absent", ecstest.AbsentFields("Progress", "CreationTime", "SnapshotName", "SourceDiskSize", "FullSnapshotSizeInBytes"),
			`[{"Encrypted":false,"SnapshotId":"s-1"}] 1`,
		},
		{
			"odd types", ecstest.OddTypes(),
			`[{"CreationTime":"","Encrypted":"false","FullSnapshotSizeInBytes":"9007199254740993","Progress":100,"SnapshotId":"s-1",` +
				`"SnapshotName":"42","SourceDiskSize":"40"}] "1"`,
		},
		{
			"wrong total", ecstest.WrongTotal(-1),
			`[{"CreationTime":"","Encrypted":false,"FullSnapshotSizeInBytes":9007199254740993,"Progress":"100","SnapshotId":"s-1",` +
				`"SnapshotName":"42","SourceDiskSize":40}] 0`,
		},
		{"no snapshots", ecstest.AlterReply(func(fields map[string]any) { delete(fields, "Snapshots") }), ` 1`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := ecstest.Start(t, snapshot)
			server.Inject(test.fault)
			a := newClient(t, server.URL).describe(nil)
			var got struct {
				TotalCount json.RawMessage
				Snapshots  struct{ Snapshot json.RawMessage }
			}
			if err := json.Unmarshal([]byte(a.body), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got.Snapshots.Snapshot)+" "+string(got.TotalCount)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAlterationsAddUp(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, ecstest.Snapshot{SnapshotID: "s-1", SourceDiskSize: 40})
	server.Inject(ecstest.OddTypes(), ecstest.AbsentFields("Tags", "Description"), ecstest.AbsentFields("CreationTime", "ProductCode"))
	want := []map[string]any{{"SnapshotId": "s-1", "SourceDiskSize": "40", "Encrypted": "false"}}
	var got struct {
		Snapshots struct{ Snapshot []map[string]any }
	}
	if err := json.Unmarshal([]byte(newClient(t, server.URL).describe(nil).body), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.Snapshots.Snapshot); diff != "" {
		t.Error(diff)
	}
}

// An error in the gateway's form comes through the faults that alter lists.
func TestAlteredErrors(t *testing.T) {
	t.Parallel()
	for _, fault := range []ecstest.Fault{
		ecstest.OddTypes(), ecstest.WrongTotal(1), ecstest.AbsentFields("Code"), ecstest.RepeatToken(), ecstest.LoopingToken(2),
	} {
		server := ecstest.Start(t)
		server.Inject(fault)
		if a := newClient(t, server.URL).describe(p("Status", "x")); a.Code != "InvalidStatus.NotFound" {
			t.Errorf("got %s", a.body)
		}
	}
}

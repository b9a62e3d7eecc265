package ecstest_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

func TestAlteredReplies(t *testing.T) {
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

func TestPagingFaults(t *testing.T) {
	start := func(t *testing.T, fault ecstest.Fault) (*client, []string) {
		t.Helper()
		server := ecstest.Start(t, ecstest.Sample(45)...)
		server.Inject(fault)
		return newClient(t, server.URL), idsOf(server.Snapshots(), all)
	}

	t.Run("no page numbers", func(t *testing.T) {
		c, want := start(t, ecstest.NoPageNumbers())
		if a := c.describe(p("PageNumber", "1")); a.Code != "NotSupported.PageNumberAndPageSize" || a.status != 400 {
			t.Error(a.body)
		}
		if a := c.describe(nil); !slices.Equal(a.ids(), want[:10]) || a.Token == "" {
			t.Error(a.body)
		}
	})
	t.Run("no tokens", func(t *testing.T) {
		c, want := start(t, ecstest.NoTokens())
		if a := c.describe(p("MaxResults", "100")); !slices.Equal(a.ids(), want[:10]) || a.Token != "" || *a.Total != 45 {
			t.Error(a.body)
		}
	})
	t.Run("token only", func(t *testing.T) {
		c, want := start(t, ecstest.TokenOnly())
		a := c.describe(p("PageNumber", "1", "PageSize", "20"))
		if !slices.Equal(a.ids(), want[:20]) || a.Total != nil {
			t.Error(a.body)
		}
		if a := c.describe(p("NextToken", a.Token, "MaxResults", "20")); !slices.Equal(a.ids(), want[20:40]) || a.Total != nil {
			t.Error(a.body)
		}
	})
	t.Run("repeated token", func(t *testing.T) {
		c, want := start(t, ecstest.RepeatToken())
		token := c.describe(p("MaxResults", "20")).Token
		for range 2 {
			if a := c.describe(p("MaxResults", "20", "NextToken", token)); a.Token != token || !slices.Equal(a.ids(), want[20:40]) {
				t.Error(a.body)
			}
		}
	})
	t.Run("looping token", func(t *testing.T) {
		c, _ := start(t, ecstest.LoopingToken(3))
		var tokens []string
		token := ""
		for range 6 {
			token = c.describe(p("MaxResults", "10", "NextToken", token)).Token
			tokens = append(tokens, token)
		}
		if tokens[0] == tokens[1] || tokens[2] != tokens[0] || tokens[3] != tokens[1] || tokens[4] != tokens[0] {
			t.Errorf("%q", tokens)
		}
	})
	t.Run("long page", func(t *testing.T) {
		c, want := start(t, ecstest.OnPage(2, ecstest.LongPage(3)))
		if a := c.describe(p("PageNumber", "2")); !slices.Equal(a.ids(), want[10:23]) {
			t.Error(a.body)
		}
		if a := c.describe(p("PageNumber", "3")); !slices.Equal(a.ids(), want[20:30]) {
			t.Error(a.body)
		}
	})
	t.Run("second page by token", func(t *testing.T) {
		c, _ := start(t, ecstest.OnPage(2, ecstest.Status500()))
		token := c.describe(p("MaxResults", "10")).Token
		if a := c.describe(p("MaxResults", "10", "NextToken", token)); a.status != 500 {
			t.Error(a.body)
		}
	})
	t.Run("short pages", func(t *testing.T) {
		c, want := start(t, ecstest.ShortPages(3, 20))
		if got := c.byToken(nil); !slices.Equal(got, want) {
			t.Error(got)
		}
	})
}

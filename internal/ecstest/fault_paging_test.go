package ecstest_test

import (
	"slices"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

func TestPagingFaults(t *testing.T) {
	t.Parallel()
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
	t.Run("offset tokens", func(t *testing.T) {
		c, want := start(t, ecstest.OffsetTokens())
		a := c.describe(p("MaxResults", "20"))
		if !slices.Equal(a.ids(), want[:20]) || a.Token != "20" || *a.Total != 0 {
			t.Error(a.body)
		}
		if a := c.describe(p("MaxResults", "20", "NextToken", "40")); !slices.Equal(a.ids(), want[40:]) || a.Token != "" {
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

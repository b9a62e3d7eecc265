package ecstest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// BenchmarkPages asks for page after page, without a network: what a page takes must not grow with what the service holds.
func BenchmarkPages(b *testing.B) {
	for _, snapshots := range []int{1000, 100_000} {
		b.Run(fmt.Sprintf("snapshots=%d", snapshots), func(b *testing.B) {
			service := ecstest.New(ecstest.Sample(snapshots)...)
			c := newClient(b, "")
			b.ReportAllocs()
			for page := 0; b.Loop(); page++ {
				params := p("PageSize", "100", "PageNumber", fmt.Sprint(page%(snapshots/100)+1))
				request := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/?"+
					toValues(c.sign(c.full("DescribeSnapshots", "2014-05-26", params))).Encode(), nil)
				response := httptest.NewRecorder()
				service.ServeHTTP(response, request)
				if response.Code != http.StatusOK {
					b.Fatal(response.Body)
				}
			}
		})
	}
}

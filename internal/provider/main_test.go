package provider

import (
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// instance is the ECS instance that the tests run on: its metadata service, and
// an ECS that accepts the sessions of its role. Start can't make it, for it
// outlives each test.
var instance *ecstest.Server

// TestMain sets what is one for the process: the way to the metadata service,
// whose address credentials-go has fixed, and the folder of what is built.
func TestMain(m *testing.M) {
	os.Exit(withInstance(m.Run))
}

func withInstance(run func() int) int {
	instance = &ecstest.Server{Service: ecstest.New(ecstest.Sample(10)...)}
	server := httptest.NewServer(instance)
	defer server.Close()
	defer instance.Close()
	instance.URL = server.URL

	metadata, err := url.Parse(instance.URL)
	if err != nil {
		log.Fatal(err)
	}
	transport, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		log.Fatal("the default transport is none of net/http's")
	}
	transport.Proxy = func(request *http.Request) (*url.URL, error) {
		if request.URL.Host == "100.100.100.200" {
			return metadata, nil
		}
		return nil, nil
	}

	if buildFolder, err = os.MkdirTemp("", "terraform-provider-aliyun"); err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(buildFolder) //nolint:errcheck // A temporary folder.

	code := run()
	for _, violation := range instance.TakeViolations() {
		log.Print("the instance's services were called wrongly: ", violation)
		code = 1
	}
	return code
}

package provider

import (
	"log"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// instance is the ECS instance that the tests run on: its metadata service, and
// an ECS that accepts the sessions of its role. builtInstance is the one that the
// built provider runs on. Start can't make them, for they outlive each test.
var instance, builtInstance *ecstest.Server

// TestMain sets what is one for the process: the metadata service and the folder of
// what is built.
func TestMain(m *testing.M) {
	os.Exit(withInstance(m.Run))
}

func withInstance(run func() int) int {
	instance, builtInstance = newInstance(ecstest.Sample(10)...), newInstance(namedSnapshot("s-ecs-role-name"))
	defer instance.Close()
	defer builtInstance.Close()
	metadataEndpoint = strings.TrimPrefix(instance.URL, "http://")

	var err error
	if buildFolder, err = os.MkdirTemp("", "terraform-provider-aliyun"); err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(buildFolder) //nolint:errcheck // A temporary folder.

	code := run()
	for _, violation := range append(instance.TakeViolations(), builtInstance.TakeViolations()...) {
		log.Print("an instance's services were called wrongly: ", violation)
		code = 1
	}
	return code
}

func newInstance(snapshots ...ecstest.Snapshot) *ecstest.Server {
	server := &ecstest.Server{Service: ecstest.New(snapshots...)}
	server.URL = httptest.NewServer(server).URL // It ends with the process.
	return server
}

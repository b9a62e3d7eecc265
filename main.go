// Command terraform-provider-aliyun is a Terraform provider that reads the
// snapshots of Alibaba Cloud ECS.
package main

import (
	"flag"
	"log"

	"github.com/seed01464933/terraform-provider-aliyun/internal/provider"
)

// version is set by the release's linker flags.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "run for a debugger: print how Terraform attaches to this process, and wait")
	flag.Parse()

	if err := provider.Serve(version, *debug); err != nil {
		log.Fatal(err)
	}
}

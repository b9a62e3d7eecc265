// Command terraform-provider-aliyun is a Terraform provider that reads the
// snapshots of Alibaba Cloud ECS.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/seed01464933/terraform-provider-aliyun/internal/provider"
)

// version is set by the release's linker flags.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "run for a debugger: print how Terraform attaches to this process, and wait")
	flag.Parse()

	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/seed01464933/aliyun",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}

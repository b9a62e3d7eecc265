// Package provider is the Terraform side: the schemas, the way from a configuration to a
// query and from snapshots to the state, and every message that people read.
package provider

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

var _ provider.Provider = (*aliyunProvider)(nil)

// aliyunProvider is one instance of the provider: a provider block's.
type aliyunProvider struct {
	version   string
	lookupEnv func(string) (string, bool)
	tune      func(*rpc.Config) // What tests change of the client; nil otherwise.
}

func newProvider(version string) *aliyunProvider {
	return &aliyunProvider{version: version, lookupEnv: os.LookupEnv}
}

func (p *aliyunProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "aliyun"
	resp.Version = p.version
}

func (p *aliyunProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{newSnapshotsDataSource, newSnapshotDataSource}
}

func (p *aliyunProvider) Resources(context.Context) []func() resource.Resource { return nil }

// userAgent names who calls: Terraform, the provider, and what the user adds by
// TF_APPEND_USER_AGENT.
func (p *aliyunProvider) userAgent(terraformVersion string) string {
	extra, _ := p.lookupEnv("TF_APPEND_USER_AGENT")
	words := strings.Join(strings.Fields(rpc.Printable(extra)), " ") // A header holds no control characters.
	return strings.TrimSpace(fmt.Sprintf("Terraform/%s (+https://www.terraform.io) terraform-provider-aliyun/%s %s", terraformVersion, p.version, words))
}

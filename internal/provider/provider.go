// Package provider is the Terraform side: schemas, what is made of configuration,
// what is made of snapshots, and what people are told when something fails.
package provider

import (
	"context"
	"net/http"
	"os"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

var _ provider.Provider = (*aliyunProvider)(nil)

// aliyunProvider is one instance of the provider: a provider block's.
type aliyunProvider struct {
	version string
	// What tests replace. New sets what suits the real world.
	lookupEnv      func(string) (string, bool)
	transport      http.RoundTripper
	attemptTimeout time.Duration
	backoff        func() backoff.BackOff
}

// New gives the constructor of the provider in the given version.
func New(version string) func() provider.Provider {
	return func() provider.Provider {
		return &aliyunProvider{version: version, lookupEnv: os.LookupEnv}
	}
}

func (p *aliyunProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "aliyun"
	resp.Version = p.version
}

func (p *aliyunProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{newSnapshotsDataSource, newSnapshotDataSource}
}

func (p *aliyunProvider) Resources(context.Context) []func() resource.Resource { return nil }

package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// defaultReadTimeout is timeouts.read where it isn't set: enough for a throttled minute
// or two.
const defaultReadTimeout = 10 * time.Minute

var timeoutPath = path.Root("timeouts").AtName("read")

// dataSourceBase is what both data sources have in common.
type dataSourceBase struct{ provider *configured }

func (b *dataSourceBase) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if req.ProviderData == nil {
		return // Terraform validates before it configures the provider.
	}
	provider, ok := req.ProviderData.(*configured)
	if !ok {
		resp.Diagnostics.AddError("Provider Misconfigured", fmt.Sprintf("The provider's data is a %T. %s", req.ProviderData, bugRemedy))
		return
	}
	b.provider = provider
}

// query makes a query of the filters, which are at the paths that at returns.
func (b *dataSourceBase) query(config, filters arguments, at func(string) path.Path) (ecs.Query, diag.Diagnostics) {
	if b.provider.unknown {
		return ecs.Query{}, diag.Diagnostics{providerUnknown()}
	}
	region := config.text("region_id")
	if region == "" {
		region = b.provider.region
	}
	if region == "" {
		return ecs.Query{}, diag.Diagnostics{regionMissing(b.provider.source)}
	}
	if !rpc.ValidRegion(region) {
		return ecs.Query{}, diag.Diagnostics{regionInvalid(region)}
	}
	return newQuery(filters, region, at)
}

// read lists snapshots within timeouts.read.
func (b *dataSourceBase) read(ctx context.Context, query ecs.Query, config, filters arguments, at func(string) path.Path) (ecs.Result, diag.Diagnostics) {
	timeout := defaultReadTimeout
	if given, err := time.ParseDuration(config.block("timeouts").text("read")); err == nil {
		timeout = given
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	result, err := b.provider.client.List(ctx, query)
	if err != nil {
		failure := failedRead{region: query.RegionID, timeout: timeout, source: b.provider.source, filters: filters, at: at}
		return result, diag.Diagnostics{failure.diagnostic(err)}
	}
	return result, nil
}

// regionAttribute is region_id of both data sources.
func regionAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		MarkdownDescription: "Region to read from, for example `cn-hangzhou`. Default: the provider's region.",
		Validators:          []validator.String{regionID()},
	}
}

// timeoutsBlock is timeouts of both data sources.
func timeoutsBlock() schema.Block {
	return schema.SingleNestedBlock{
		MarkdownDescription: "Time limits.",
		Attributes: map[string]schema.Attribute{
			"read": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Maximum duration of a read, including the time spent waiting while the API throttles: a number with a unit, " +
					"such as `\"30s\"` or `\"1h30m\"`. A single request may take a tenth of it, and at least a minute. Default: `\"10m\"`.",
				Validators: []validator.String{duration()},
			},
		},
	}
}

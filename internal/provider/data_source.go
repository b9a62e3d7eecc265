package provider

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// defaultReadTimeout is timeouts.read where it isn't set: enough for a throttled minute
// or two.
const defaultReadTimeout = 10 * time.Minute

// dataSourceBase is what both data sources have in common.
type dataSourceBase struct {
	provider *providerData
	block    string // The block that the filters are in; "" where they are arguments of the data source.
}

func (b *dataSourceBase) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	b.provider, _ = req.ProviderData.(*providerData) // Nil where Terraform only validates.
}

func (b *dataSourceBase) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	config, set := b.arguments(ctx, req.Config, &resp.Diagnostics)
	validateWindow(set, b.at, &resp.Diagnostics)
	for _, f := range filters {
		if b.block != "" && config.isSet(f.name) {
			resp.Diagnostics.AddAttributeError(path.Root(f.name), "Filter Outside of the Filter Block",
				f.name+" here is an attribute of the snapshot that is found, and can't be set. To search by it, write it within filter { ... }.")
		}
	}
}

func (b *dataSourceBase) arguments(ctx context.Context, from tfsdk.Config, diags *diag.Diagnostics) (config, filters arguments) {
	config = readArguments(ctx, from, diags)
	if b.block == "" {
		return config, config
	}
	return config, config.block(b.block)
}

func (b *dataSourceBase) at(filter string) path.Path { return pathOf(b.block).AtName(filter) }

// read is one read of snapshots, with what its messages say.
type read struct {
	provider *providerData
	query    ecs.Query
	timeout  time.Duration
	filters  arguments
	at       func(filter string) path.Path
}

func (b *dataSourceBase) newRead(ctx context.Context, from tfsdk.Config, diags *diag.Diagnostics) (r read, config arguments) {
	config, filters := b.arguments(ctx, from, diags)
	if diags.HasError() {
		return r, config
	}
	region := cmp.Or(config.text("region_id"), b.provider.region)
	switch {
	case b.provider.unknown:
		diags.Append(newError(path.Empty(), "Provider Configuration Not Known Yet",
			"An argument of the provider \"aliyun\" block has a value that isn't known yet, so the provider can't read snapshots now.",
			"If it comes from a resource, make the data source depend on that resource with depends_on, apply the resource first with -target, "+
				"or give the provider a known value. If it comes from a variable, check that the variable is declared and set: "+
				"terraform test passes undeclared ones on as unknown."))
	case region == "":
		diags.Append(newError(path.Root("region_id"), "No Region",
			"Set the provider's region, or region_id here. There is no default region.",
			fmt.Sprintf("The provider also looked at the environment variables %s, and at the profile's region_id. Credentials: %s.",
				strings.Join(regionVariables, ", "), b.provider.source)))
	case !rpc.ValidRegion(region):
		diags.AddAttributeError(path.Root("region_id"), "Invalid Region ID", // Arguments were validated.
			fmt.Sprintf("%q, from the environment or a profile, is not a region ID such as cn-hangzhou.", region))
	}
	timeout, err := time.ParseDuration(config.block("timeouts").text("read"))
	if err != nil {
		timeout = defaultReadTimeout
	}
	return read{b.provider, newQuery(filters, region, b.at, diags), timeout, filters, b.at}, config
}

func (r read) list(ctx context.Context, diags *diag.Diagnostics) ecs.Result {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	result, err := r.provider.client.List(ctx, r.query)
	if err != nil {
		diags.Append(r.failure(err))
	}
	return result
}

// regionAttribute is region_id of both data sources.
func regionAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		MarkdownDescription: "Region to read from, for example `cn-hangzhou`. Default: the provider's region.",
		Validators:          []validator.String{stringRule(regionID)},
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
				Validators: []validator.String{stringRule(duration)},
			},
		},
	}
}

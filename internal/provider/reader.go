package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// reader is what both data sources do alike.
type reader struct{ provider *configured }

func (r *reader) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if req.ProviderData == nil {
		return // Terraform validates before it configures the provider.
	}
	provider, ok := req.ProviderData.(*configured)
	if !ok {
		resp.Diagnostics.AddError("Provider Misconfigured", fmt.Sprintf("The provider's data is a %T. This is a bug in the provider; please report it.", req.ProviderData))
		return
	}
	r.provider = provider
}

// region gives the region to look in; empty where none is known.
func (r *reader) region(argument types.String) string {
	if region := argument.ValueString(); region != "" {
		return region
	}
	return r.provider.region
}

// read lists snapshots within the time that the timeouts give. Filters are at
// the paths that at gives.
func (r *reader) read(ctx context.Context, query ecs.Query, limits timeouts.Value, at func(string) path.Path) (ecs.Result, diag.Diagnostics) {
	if r.provider.unknown {
		return ecs.Result{}, diag.Diagnostics{providerUnknown()}
	}
	timeout, diags := limits.Read(ctx, defaultReadTimeout)
	if query.RegionID == "" {
		diags.Append(regionMissing(r.provider.source))
	} else if !rpc.ValidRegion(query.RegionID) {
		diags.Append(regionInvalid(query.RegionID))
	}
	if diags.HasError() {
		return ecs.Result{}, diags
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	result, err := r.provider.client.List(ctx, query)
	if err != nil {
		diags.Append(failure{query: query, timeout: timeout, source: r.provider.source, at: at}.diagnostic(err))
	}
	return result, diags
}

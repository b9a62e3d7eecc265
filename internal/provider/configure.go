package provider

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed01464933/terraform-provider-aliyun/internal/credentials"
	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// regionVariables are the environment variables that name a region, in order.
var regionVariables = []string{"ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID", "ALICLOUD_REGION"}

// configured is what the provider hands to its data sources.
type configured struct {
	client *ecs.Client
	source *credentials.Source
	region string // Empty where none is known.
	// unknown tells that the provider's own configuration isn't known yet.
	unknown bool
}

// Configure makes a client. It makes no call: what is wrong with keys shows in
// the first read that uses them.
func (p *aliyunProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	if !req.Config.Raw.IsFullyKnown() {
		if req.ClientCapabilities.DeferralAllowed {
			resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
		}
		resp.DataSourceData = &configured{unknown: true}
		return
	}
	var model providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	endpoints, diags := model.endpoints()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}

	region := p.region(model)
	userAgent := p.userAgent(req.TerraformVersion)
	source, err := credentials.New(p.credentialsConfig(model, region, endpoints.sts, userAgent))
	if err != nil {
		resp.Diagnostics.Append(credentialsDiagnostic(err))
		return
	}
	if region == "" {
		region = source.Region()
	}
	config := rpc.Config{
		Credentials:   source,
		UserAgent:     userAgent,
		MaxConcurrent: cmp.Or(whole(model.MaxConcurrentRequests), defaultMaxConcurrent),
		Logger:        newLogger(),
	}
	if p.tune != nil {
		p.tune(&config)
	}
	resp.DataSourceData = &configured{
		client: ecs.NewClient(config, endpoints.ecs),
		source: source,
		region: region,
	}
}

// region gives the region of the provider block or the environment; empty where
// neither names one.
func (p *aliyunProvider) region(model providerModel) string {
	if region := model.Region.ValueString(); region != "" {
		return region
	}
	for _, name := range regionVariables {
		if region, _ := p.lookupEnv(name); region != "" {
			return region
		}
	}
	return ""
}

type endpoints struct {
	ecs rpc.Endpoint
	sts rpc.Endpoint
}

// endpoints reads the endpoints, which may have been unknown when they were
// validated.
func (m providerModel) endpoints() (e endpoints, diags diag.Diagnostics) {
	if m.Endpoints == nil {
		return e, diags
	}
	parse := func(name string, value types.String) rpc.Endpoint {
		if value.IsNull() {
			return rpc.Endpoint{}
		}
		parsed, err := rpc.ParseEndpoint(value.ValueString())
		if err != nil {
			diags.AddAttributeError(path.Root("endpoints").AtName(name), "Invalid Endpoint", err.Error())
		}
		return parsed
	}
	e.ecs = parse("ecs", m.Endpoints.ECS)
	e.sts = parse("sts", m.Endpoints.STS)
	return e, diags
}

func (p *aliyunProvider) credentialsConfig(m providerModel, region string, sts rpc.Endpoint, userAgent string) credentials.Config {
	config := credentials.Config{
		AccessKey:             m.AccessKey.ValueString(),
		SecretKey:             m.SecretKey.ValueString(),
		SecurityToken:         m.SecurityToken.ValueString(),
		Profile:               m.Profile.ValueString(),
		SharedCredentialsFile: m.SharedCredentialsFile.ValueString(),
		ECSRoleName:           m.ECSRoleName.ValueString(),
		CredentialsURI:        m.CredentialsURI.ValueString(),
		STSEndpoint:           sts,
		Region:                region,
		UserAgent:             userAgent,
		LookupEnv:             p.lookupEnv,
		Logger:                newLogger(),
	}
	if role := m.AssumeRole; role != nil {
		config.AssumeRole = &credentials.AssumeRole{
			RoleARN:           role.RoleARN.ValueString(),
			SessionName:       role.SessionName.ValueString(),
			SessionExpiration: whole(role.SessionExpiration),
			Policy:            role.Policy.ValueString(),
			ExternalID:        role.ExternalID.ValueString(),
		}
	}
	if role := m.AssumeRoleWithOIDC; role != nil {
		config.AssumeRoleWithOIDC = &credentials.AssumeRoleWithOIDC{
			RoleARN:           role.RoleARN.ValueString(),
			ProviderARN:       role.OIDCProviderARN.ValueString(),
			Token:             role.OIDCToken.ValueString(),
			TokenFile:         role.OIDCTokenFile.ValueString(),
			SessionName:       role.RoleSessionName.ValueString(),
			SessionExpiration: whole(role.SessionExpiration),
			Policy:            role.Policy.ValueString(),
		}
	}
	return config
}

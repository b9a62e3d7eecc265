package provider

import (
	"cmp"
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed01464933/terraform-provider-aliyun/internal/credentials"
	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// regionVariables are the environment variables that name a region, in order: those of
// the official provider, and the CLI's.
var regionVariables = []string{"ALICLOUD_REGION", "ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID"}

// metadataEndpoint stands in for the instance's metadata service. Tests set it, in
// their own process or by the linker.
var metadataEndpoint string

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
	endpoints, diags := p.endpoints(model)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}

	region := p.region(model)
	userAgent := p.userAgent(req.TerraformVersion)
	source, err := credentials.New(ctx, p.credentialsConfig(model, region, endpoints, userAgent))
	if err != nil {
		resp.Diagnostics.Append(credentialsDiagnostic(err))
		return
	}
	for _, warning := range source.Warnings() {
		resp.Diagnostics.Append(credentialsWarning(warning))
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
	region := strings.TrimSpace(model.Region.ValueString())
	if region == "" {
		_, region = p.firstVariable(regionVariables)
	}
	return region
}

// firstVariable gives the first variable that is set, without white space around its
// value.
func (p *aliyunProvider) firstVariable(names []string) (name, value string) {
	for _, name := range names {
		value, _ := p.lookupEnv(name)
		if value = strings.TrimSpace(value); value != "" {
			return name, value
		}
	}
	return "", ""
}

type endpoints struct {
	ecs rpc.Endpoint
	sts rpc.Endpoint
}

// endpoints reads the endpoints of the provider block, which may have been unknown when
// they were validated, or else those of the environment.
func (p *aliyunProvider) endpoints(m providerModel) (e endpoints, diags diag.Diagnostics) {
	if m.Endpoints == nil {
		m.Endpoints = &endpointsModel{}
	}
	parse := func(service string, value types.String) rpc.Endpoint {
		text, variable := value.ValueString(), ""
		if value.IsNull() {
			product := strings.ToUpper(service)
			if variable, text = p.firstVariable([]string{"ALIBABA_CLOUD_ENDPOINT_" + product, product + "_ENDPOINT"}); text == "" {
				return rpc.Endpoint{}
			}
			text = strings.TrimSuffix(text, "/")
		}
		parsed, err := rpc.ParseEndpoint(text)
		switch {
		case err != nil && variable != "":
			diags.AddError("Invalid Endpoint", "The variable "+variable+" can't be used: "+err.Error()+".")
		case err != nil:
			diags.AddAttributeError(path.Root("endpoints").AtName(service), "Invalid Endpoint", err.Error())
		}
		return parsed
	}
	e.ecs = parse("ecs", m.Endpoints.ECS)
	e.sts = parse("sts", m.Endpoints.STS)
	return e, diags
}

func (p *aliyunProvider) credentialsConfig(m providerModel, region string, endpoints endpoints, userAgent string) credentials.Config {
	config := credentials.Config{
		AccessKey:             m.AccessKey.ValueString(),
		SecretKey:             m.SecretKey.ValueString(),
		SecurityToken:         m.SecurityToken.ValueString(),
		Profile:               m.Profile.ValueString(),
		SharedCredentialsFile: m.SharedCredentialsFile.ValueString(),
		ECSRoleName:           m.ECSRoleName.ValueString(),
		CredentialsURI:        m.CredentialsURI.ValueString(),
		STSEndpoint:           endpoints.sts,
		ECSEndpoint:           endpoints.ecs,
		Region:                region,
		UserAgent:             userAgent,
		LookupEnv:             p.lookupEnv,
		Logger:                newLogger(),
	}
	if metadataEndpoint != "" {
		config.MetadataEndpoint = rpc.Endpoint{Scheme: "http", Host: metadataEndpoint}
	}
	if role := m.AssumeRole; role != nil {
		config.AssumeRole = &credentials.Role{
			RoleARN:           role.RoleARN.ValueString(),
			SessionName:       role.SessionName.ValueString(),
			SessionExpiration: whole(role.SessionExpiration),
			Policy:            role.Policy.ValueString(),
			ExternalID:        role.ExternalID.ValueString(),
		}
	}
	if role := m.AssumeRoleWithOIDC; role != nil {
		config.AssumeRoleWithOIDC = &credentials.Role{
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

// credentialsWarning tells of a setting that this provider doesn't obey and others
// would.
func credentialsWarning(warning credentials.Warning) diag.Diagnostic {
	if warning.Attribute == "" {
		return diag.NewWarningDiagnostic(warning.Summary, warning.Detail)
	}
	block, argument, _ := strings.Cut(warning.Attribute, ".")
	return diag.NewAttributeWarningDiagnostic(path.Root(block).AtName(argument), warning.Summary, warning.Detail)
}

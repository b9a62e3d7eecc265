package provider

import (
	"cmp"
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"

	"github.com/seed01464933/terraform-provider-aliyun/internal/credentials"
	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// regionVariables are the environment variables that name a region, in order: those of
// the official provider, and the CLI's.
var regionVariables = []string{"ALICLOUD_REGION", "ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID"}

// metadataEndpoint is the host of the instance's metadata service. Tests set it, in
// their own process or by the linker.
var metadataEndpoint = "100.100.100.200"

// providerData is what the provider hands to its data sources.
type providerData struct {
	client  *ecs.Client
	source  *credentials.Source
	region  string // Empty where none is known.
	unknown bool   // The provider's own configuration isn't known yet.
}

// Configure makes a client. It makes no call: what is wrong with keys shows in
// the first read that uses them.
func (p *aliyunProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	if !req.Config.Raw.IsFullyKnown() {
		if req.ClientCapabilities.DeferralAllowed {
			resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
		}
		resp.DataSourceData = &providerData{unknown: true}
		return
	}
	config := readArguments(ctx, req.Config, &resp.Diagnostics)
	chosen := p.credentialsConfig(config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	chosen.UserAgent = p.userAgent(req.TerraformVersion)
	source, err := credentials.New(ctx, chosen)
	if err != nil {
		resp.Diagnostics.Append(credentialsDiagnostic(err, nil))
		return
	}
	for _, warning := range source.Warnings {
		resp.Diagnostics.AddAttributeWarning(pathOf(warning.Attribute), warning.Summary, warning.Detail)
	}
	client := rpc.Config{
		Credentials:   source,
		UserAgent:     chosen.UserAgent,
		MaxConcurrent: cmp.Or(config.number("max_concurrent_requests"), defaultMaxConcurrent),
		Logger:        chosen.Logger,
	}
	if p.tune != nil {
		p.tune(&client)
	}
	resp.DataSourceData = &providerData{
		client: ecs.NewClient(client, chosen.ECSEndpoint),
		source: source,
		region: cmp.Or(chosen.Region, source.Region),
	}
}

// firstVariable gives the first variable that is set, without white space around its
// value.
func (p *aliyunProvider) firstVariable(names ...string) (name, value string) {
	for _, name := range names {
		value, _ := p.lookupEnv(name)
		if value = strings.TrimSpace(value); value != "" {
			return name, value
		}
	}
	return "", ""
}

// endpoint reads the endpoint of "ecs" or "sts" from its block, or else from the
// environment; the zero value where neither has it.
func (p *aliyunProvider) endpoint(service string, block arguments, diags *diag.Diagnostics) rpc.Endpoint {
	text, at, name := block.text(service), path.Root("endpoints").AtName(service), "endpoints."+service
	if !block.isSet(service) {
		product := strings.ToUpper(service)
		variable, value := p.firstVariable("ALIBABA_CLOUD_ENDPOINT_"+product, product+"_ENDPOINT")
		if value == "" {
			return rpc.Endpoint{}
		}
		text, at, name = strings.TrimSuffix(value, "/"), path.Empty(), "The variable "+variable
	}
	endpoint, err := rpc.ParseEndpoint(text)
	if err != nil {
		diags.AddAttributeError(at, "Invalid Endpoint", name+" can't be used: "+err.Error()+".")
	}
	return endpoint
}

// credentialsConfig is what the block and the environment say, as far as it matters to
// credentials. Keys, tokens and paths that come from files often have white space around
// them.
func (p *aliyunProvider) credentialsConfig(config arguments, diags *diag.Diagnostics) credentials.Config {
	_, region := p.firstVariable(regionVariables...)
	return credentials.Config{
		AccessKey:             config.trimmed("access_key"),
		SecretKey:             config.trimmed("secret_key"),
		SecurityToken:         config.trimmed("security_token"),
		Profile:               config.trimmed("profile"),
		SharedCredentialsFile: config.trimmed("shared_credentials_file"),
		ECSRoleName:           config.trimmed("ecs_role_name"),
		CredentialsURI:        config.trimmed("credentials_uri"),
		AssumeRole:            config.role("assume_role"),
		AssumeRoleWithOIDC:    config.role("assume_role_with_oidc"),
		ECSEndpoint:           p.endpoint("ecs", config.block("endpoints"), diags),
		STSEndpoint:           p.endpoint("sts", config.block("endpoints"), diags),
		MetadataEndpoint:      rpc.Endpoint{Scheme: "http", Host: metadataEndpoint},
		Region:                cmp.Or(config.text("region"), region),
		LookupEnv:             p.lookupEnv,
		Logger:                slog.New(logHandler{}),
		Now:                   time.Now,
	}
}

// role is what a block says of a role to assume; nil without the block. The two blocks
// differ in some arguments.
func (a arguments) role(name string) *credentials.Role {
	if !a.isSet(name) {
		return nil
	}
	block := a.block(name)
	return &credentials.Role{
		RoleARN:           block.trimmed("role_arn"),
		SessionName:       cmp.Or(block.trimmed("session_name"), block.trimmed("role_session_name")),
		SessionExpiration: block.number("session_expiration"),
		Policy:            block.trimmed("policy"),
		ExternalID:        block.trimmed("external_id"),
		ProviderARN:       block.trimmed("oidc_provider_arn"),
		Token:             block.trimmed("oidc_token"),
		TokenFile:         block.trimmed("oidc_token_file"),
	}
}

func (a arguments) trimmed(name string) string { return strings.TrimSpace(a.text(name)) }

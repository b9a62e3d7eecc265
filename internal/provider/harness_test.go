package provider

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// newTestProvider is the provider as it is served, with an environment of the
// test's own and retries that don't wait.
func newTestProvider(environment map[string]string) *aliyunProvider {
	return &aliyunProvider{
		version: "test",
		lookupEnv: func(name string) (string, bool) {
			value, ok := environment[name]
			return value, ok
		},
		tune: func(config *rpc.Config) {
			config.Backoff = func(int) time.Duration { return 0 }
		},
	}
}

// factories serves the provider to Terraform.
func factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"aliyun": serving(newTestProvider(nil)),
	}
}

func serving(provider *aliyunProvider) func() (tfprotov6.ProviderServer, error) {
	return func() (tfprotov6.ProviderServer, error) { return newServer(context.Background(), provider), nil }
}

// providerBlock is the HCL that points the provider at the service.
func providerBlock(service *ecstest.Server) string {
	return fmt.Sprintf(`
provider "aliyun" {
  region     = %q
  access_key = %q
  secret_key = %q
  endpoints { ecs = %q }
}
`, ecstest.SampleRegion, ecstest.AccessKeyID, ecstest.AccessKeySecret, service.URL)
}

// object is values of attributes by name; those that aren't named are null.
type object map[string]any

// harness speaks to the provider in the plugin protocol, without Terraform.
type harness struct {
	t      *testing.T
	server tfprotov6.ProviderServer
	schema *tfprotov6.GetProviderSchemaResponse
}

// newHarness serves the provider, unconfigured.
func newHarness(t *testing.T, provider *aliyunProvider) *harness {
	t.Helper()
	server := newServer(t.Context(), provider)
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return &harness{t: t, server: server, schema: schema}
}

// newServiceHarness serves the provider, configured for the service.
func newServiceHarness(t *testing.T, service *ecstest.Server) *harness {
	t.Helper()
	h := newHarness(t, newTestProvider(nil))
	wantNoErrors(t, h.configure(serviceConfig(service)))
	return h
}

// serviceConfig is the provider block that points at the service.
func serviceConfig(service *ecstest.Server) object {
	return object{
		"region":     ecstest.SampleRegion,
		"access_key": ecstest.AccessKeyID,
		"secret_key": ecstest.AccessKeySecret,
		"endpoints":  object{"ecs": service.URL},
	}
}

func (h *harness) configure(config object) []*tfprotov6.Diagnostic {
	h.t.Helper()
	value := h.dynamic(h.schema.Provider.ValueType(), config)
	validated, err := h.server.ValidateProviderConfig(h.t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: value})
	if err != nil {
		h.t.Fatal(err)
	}
	if len(validated.Diagnostics) > 0 {
		return validated.Diagnostics
	}
	resp, err := h.server.ConfigureProvider(h.t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: value})
	if err != nil {
		h.t.Fatal(err)
	}
	return resp.Diagnostics
}

func (h *harness) validate(dataSource string, config object) []*tfprotov6.Diagnostic {
	h.t.Helper()
	resp, err := h.server.ValidateDataResourceConfig(h.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: dataSource,
		Config:   h.dynamic(h.schema.DataSourceSchemas[dataSource].ValueType(), config),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return resp.Diagnostics
}

// read gives the state, nil where there is an error.
func (h *harness) read(ctx context.Context, dataSource string, config object) (map[string]tftypes.Value, []*tfprotov6.Diagnostic) {
	h.t.Helper()
	schemaType := h.schema.DataSourceSchemas[dataSource].ValueType()
	resp, err := h.server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{
		TypeName: dataSource,
		Config:   h.dynamic(schemaType, config),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	if hasError(resp.Diagnostics) {
		return nil, resp.Diagnostics
	}
	value, err := resp.State.Unmarshal(schemaType)
	if err != nil {
		h.t.Fatal(err)
	}
	var state map[string]tftypes.Value
	if err := value.As(&state); err != nil {
		h.t.Fatal(err)
	}
	return state, resp.Diagnostics
}

// list reads aliyun_ecs_snapshots and gives the ids, in order.
func (h *harness) list(config object) []string {
	h.t.Helper()
	state, diags := h.read(h.t.Context(), "aliyun_ecs_snapshots", config)
	wantNoErrors(h.t, diags)
	return texts(h.t, state["ids"])
}

func (h *harness) dynamic(schemaType tftypes.Type, config object) *tfprotov6.DynamicValue {
	h.t.Helper()
	value, err := tfprotov6.NewDynamicValue(schemaType, valueOf(schemaType, config))
	if err != nil {
		h.t.Fatal(err)
	}
	return &value
}

// valueOf makes a value of the type: an object of an object, a set or list of a
// slice, a map of a map, and nil for null.
func valueOf(as tftypes.Type, from any) tftypes.Value {
	switch from := from.(type) {
	case object:
		members := map[string]tftypes.Value{}
		for name, memberType := range as.(tftypes.Object).AttributeTypes { //nolint:forcetypeassert // A test's own config.
			members[name] = valueOf(memberType, from[name])
		}
		return tftypes.NewValue(as, members)
	case []string:
		elements := []tftypes.Value{}
		for _, text := range from {
			elements = append(elements, tftypes.NewValue(tftypes.String, text))
		}
		return tftypes.NewValue(as, elements)
	case map[string]any:
		elements := map[string]tftypes.Value{}
		for key, value := range from {
			elements[key] = tftypes.NewValue(tftypes.String, value)
		}
		return tftypes.NewValue(as, elements)
	}
	return tftypes.NewValue(as, from)
}

// texts gives the strings of a list.
func texts(t *testing.T, list tftypes.Value) []string {
	t.Helper()
	var elements []tftypes.Value
	if err := list.As(&elements); err != nil {
		t.Fatal(err)
	}
	result := make([]string, len(elements))
	for i, element := range elements {
		if err := element.As(&result[i]); err != nil {
			t.Fatal(err)
		}
	}
	return result
}

// members gives an object's attributes, nil for null.
func members(t *testing.T, value tftypes.Value) map[string]tftypes.Value {
	t.Helper()
	var result map[string]tftypes.Value
	if err := value.As(&result); err != nil {
		t.Fatal(err)
	}
	return result
}

// text gives a string, "" for null.
func textOf(t *testing.T, value tftypes.Value) string {
	t.Helper()
	var result *string
	if err := value.As(&result); err != nil {
		t.Fatal(err)
	}
	if result == nil {
		return ""
	}
	return *result
}

func hasError(diags []*tfprotov6.Diagnostic) bool {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}

func wantNoErrors(t *testing.T, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	if hasError(diags) {
		t.Fatalf("unexpected errors:\n%s", printed(diags))
	}
}

// printed is the diagnostics as a person reads them, with the argument that each
// points at.
func printed(diags []*tfprotov6.Diagnostic) string {
	var b strings.Builder
	for _, d := range diags {
		fmt.Fprintf(&b, "%s: %s [%s]\n%s\n", d.Severity, d.Summary, d.Attribute, d.Detail)
	}
	return b.String()
}

// wantOne asserts that there is one diagnostic, which points at an argument (or
// none) and has all the texts.
func wantOne(t *testing.T, diags []*tfprotov6.Diagnostic, attribute string, parts ...string) {
	t.Helper()
	if len(diags) != 1 {
		t.Fatalf("got %d diagnostics, want 1:\n%s", len(diags), printed(diags))
	}
	if got := diags[0].Attribute.String(); got != attribute {
		t.Errorf("the diagnostic points at %q, want %q", got, attribute)
	}
	text := printed(diags)
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("the diagnostic lacks %q:\n%s", part, text)
		}
	}
}

// at is the form in which diagnostics name an argument's path.
func at(steps ...string) string {
	path := tftypes.NewAttributePath()
	for _, step := range steps {
		path = path.WithAttributeName(step)
	}
	return path.String()
}

// utc reads a time of a test.
func utc(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

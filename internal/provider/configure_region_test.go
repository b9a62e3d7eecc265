package provider

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// Regions come from the first place that names one.
func TestRegion(t *testing.T) {
	t.Parallel()
	variables := func(names ...string) map[string]string {
		set := map[string]string{}
		for _, name := range names {
			set[name] = "cn-" + strings.ToLower(strings.ReplaceAll(name, "_", "-"))
		}
		return set
	}
	all := variables(regionVariables...)
	tests := map[string]struct {
		argument    object
		data        object
		environment map[string]string
		want        string
	}{
		"data source": {object{"region": "cn-argument"}, object{"region_id": "cn-data"}, all, "cn-data"},
		"provider":    {object{"region": "cn-argument"}, nil, all, "cn-argument"},
		"first":       {nil, nil, all, "cn-alicloud-region"},
		"second":      {nil, nil, variables("ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID"), "cn-alibaba-cloud-region"},
		"third":       {nil, nil, variables("ALIBABA_CLOUD_REGION_ID"), "cn-alibaba-cloud-region-id"},
		"line feed":   {nil, nil, map[string]string{"ALICLOUD_REGION": " \r\n", "ALIBABA_CLOUD_REGION": "cn-trimmed\r\n"}, "cn-trimmed"},
		"profile":     {nil, nil, nil, "cn-of-chosen"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := ecstest.Start(t)
			service.AddKey("LTAIchosen", "chosen-secret")
			config := object{
				"profile":                 "chosen",
				"shared_credentials_file": cliConfig(t, akProfile("chosen", "LTAIchosen", "chosen-secret")),
				"endpoints":               object{"ecs": service.URL},
			}
			maps.Copy(config, test.argument)
			h := newHarness(t, newTestProvider(test.environment))
			wantNoErrors(t, h.configure(config))
			h.list(test.data)
			if got := service.Calls()[0].Params.Get("RegionId"); got != test.want {
				t.Errorf("the region is %q, want %q", got, test.want)
			}
		})
	}
}

func TestNoRegion(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t)
	config := serviceConfig(service)
	delete(config, "region")
	h := newHarness(t, newTestProvider(nil))
	wantNoErrors(t, h.configure(config))
	places := append([]string{"region_id", "provider's region", "profile", "No Region"}, regionVariables...)
	for _, dataSource := range slices.Sorted(maps.Keys(h.schema.DataSourceSchemas)) {
		_, diags := h.read(t.Context(), dataSource, object{})
		wantOne(t, diags, at("region_id"), places...)
	}
	if len(service.Calls()) != 0 {
		t.Error("a call was made without a region")
	}
}

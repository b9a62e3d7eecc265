package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

const exampleDir = "../../examples"

// exampleTwin is an example's configuration as it can run without an account: the
// provider's blocks point at the service, and a terraform_data stands for each
// resource of the official provider. Its output holds the arguments it is given.
func exampleTwin(t *testing.T, path string, service *ecstest.Server) string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(exampleDir, path)) //nolint:gosec // The tests' own table names the files.
	if err != nil {
		t.Fatal(err)
	}
	file, diags := hclwrite.ParseConfig(source, path, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, block := range file.Body().Blocks() {
		if isOfficial(block) {
			standIn(t, file.Body(), block)
		}
	}
	for _, block := range file.Body().Blocks() {
		switch {
		case block.Type() == "terraform":
			useServedProvider(t, block)
		case block.Type() == "provider" && block.Labels()[0] == "aliyun":
			pointAt(service, block.Body())
		case block.Type() == "provider":
			file.Body().RemoveBlock(block)
		}
	}
	return string(file.Bytes())
}

func isOfficial(block *hclwrite.Block) bool {
	return block.Type() == "resource" && strings.HasPrefix(block.Labels()[0], "alicloud_")
}

// useServedProvider takes away where providers come from: the tests serve it.
func useServedProvider(t *testing.T, terraform *hclwrite.Block) {
	t.Helper()
	required := terraform.Body().FirstMatchingBlock("required_providers", nil)
	if required == nil {
		t.Fatal("the example has no required_providers")
	}
	aliyun := required.Body().GetAttribute("aliyun")
	if aliyun == nil || !strings.Contains(expression(aliyun), `"seed01464933/aliyun"`) {
		t.Error("the example's required_providers doesn't name the provider's source")
	}
	terraform.Body().RemoveBlock(required)
}

func pointAt(service *ecstest.Server, provider *hclwrite.Body) {
	quoted := func(text string) hclwrite.Tokens { return hclwrite.TokensForIdentifier(`"` + text + `"`) }
	provider.SetAttributeRaw("access_key", quoted(ecstest.AccessKeyID))
	provider.SetAttributeRaw("secret_key", quoted(ecstest.AccessKeySecret))
	if block := provider.FirstMatchingBlock("endpoints", nil); block != nil {
		provider.RemoveBlock(block)
	}
	endpoints := provider.AppendNewBlock("endpoints", nil).Body()
	endpoints.SetAttributeRaw("ecs", quoted(service.URL))
	endpoints.SetAttributeRaw("sts", quoted(service.URL))
}

// standIn makes a terraform_data of the resource, wherever it is spoken of.
func standIn(t *testing.T, config *hclwrite.Body, resource *hclwrite.Block) {
	t.Helper()
	official := resource.Labels()
	// Resources of several types may have one name.
	twin := []string{"terraform_data", strings.TrimPrefix(official[0], "alicloud_") + "_" + official[1]}
	rename(config, official, twin)
	resource.SetLabels(twin)

	var input []hclwrite.ObjectAttrTokens
	body := resource.Body()
	for name, attribute := range body.Attributes() {
		switch name {
		case "for_each", "count", "provider", "depends_on":
			continue
		}
		input = append(input, hclwrite.ObjectAttrTokens{
			Name:  hclwrite.TokensForIdentifier(name),
			Value: attribute.Expr().BuildTokens(nil),
		})
		body.RemoveAttribute(name)
	}
	body.SetAttributeRaw("input", hclwrite.TokensForObject(input))

	for _, block := range body.Blocks() {
		if block.Type() != "lifecycle" {
			t.Fatalf("%s.%s has a block %s: input can't hold blocks", official[0], official[1], block.Type())
		}
		if ignored := block.Body().GetAttribute("ignore_changes"); ignored != nil {
			var arguments []hclwrite.Tokens
			for _, argument := range ignored.Expr().Variables() {
				arguments = append(arguments, append(hclwrite.TokensForIdentifier("input."), argument.BuildTokens(nil)...))
			}
			block.Body().SetAttributeRaw("ignore_changes", hclwrite.TokensForTuple(arguments))
		}
	}
}

func rename(body *hclwrite.Body, from, to []string) {
	for _, attribute := range body.Attributes() {
		attribute.Expr().RenameVariablePrefix(from, to)
	}
	for _, block := range body.Blocks() {
		rename(block.Body(), from, to)
	}
}

func expression(attribute *hclwrite.Attribute) string {
	return string(attribute.Expr().BuildTokens(nil).Bytes())
}

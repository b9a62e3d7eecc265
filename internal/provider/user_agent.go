package provider

import (
	"fmt"
	"strings"
)

// userAgent names who calls: Terraform, the provider, and what the user adds by
// TF_APPEND_USER_AGENT.
func (p *aliyunProvider) userAgent(terraformVersion string) string {
	agent := fmt.Sprintf("Terraform/%s (+https://www.terraform.io) terraform-provider-aliyun/%s", terraformVersion, p.version)
	extra, _ := p.lookupEnv("TF_APPEND_USER_AGENT")
	if extra = strings.TrimSpace(extra); extra != "" {
		agent += " " + strings.Map(func(r rune) rune {
			if r < ' ' || r > '~' {
				return -1 // A header holds neither line breaks nor other than ASCII.
			}
			return r
		}, extra)
	}
	return agent
}

package credentials

import (
	"regexp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

const redacted = "(redacted)"

var (
	// Members of files and of what services other than Alibaba Cloud's APIs answer, in
	// JSON, YAML, XML and forms alike, also where the value is cut off.
	secretMember = regexp.MustCompile(`(?i)([a-z_]*(?:secret|token|signature|password|access_?key_?id)[a-z_]*)([\\"']*\s*(?:[:=>]|%3D|%253D)\s*[\\"']*)[^\\"'&<,;\s}]+`)
	bearer       = regexp.MustCompile(`(?i)\bbearer\s+\S+`)
)

// redact makes a text from a service, a library or a command fit to be shown.
func redact(text string, secrets ...string) string {
	text = secretMember.ReplaceAllString(text, "$1$2"+redacted)
	text = bearer.ReplaceAllString(text, "Bearer "+redacted)
	return rpc.Redact(text, secrets...)
}

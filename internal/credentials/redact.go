package credentials

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

const (
	redacted    = "(redacted)"
	maxTextSize = 600 // In runes. Longer texts are pages or whole files, not messages.
)

var (
	// Members of JSON, YAML, XML and forms alike, also where the value is cut off or JSON stands in a string of JSON.
	secretMember = regexp.MustCompile(`(?i)([a-z_]*(?:secret|token|signature|password|access_?key_?id)[a-z_]*)([\\"']*\s*(?:[:=>]|%3D|%253D)\s*[\\"']*)[^\\"'&<,;\s}]+`)
	bearer       = regexp.MustCompile(`(?i)\bbearer\s+\S+`)
	urlQuery     = regexp.MustCompile(`(?i)(https?://[^\s"'<>?]+)\?[^\s"'<>]*`)
	urlUser      = regexp.MustCompile(`(?i)(https?://)[^/\s"'<>@]+@`)
	// SignatureDoesNotMatch repeats the string to sign, security token included.
	stringToSign = regexp.MustCompile(`(?is)\bstring to sign\b.*`)
)

// redact makes a text from a service, a library or a file fit to be shown.
func redact(text string, secrets ...string) string {
	for _, secret := range secrets {
		if len(secret) < 4 {
			continue // It would tear words apart, and hides nothing.
		}
		for _, form := range []string{secret, url.QueryEscape(secret), url.QueryEscape(url.QueryEscape(secret))} {
			text = strings.ReplaceAll(text, form, redacted)
		}
	}
	text = stringToSign.ReplaceAllString(text, "string to sign "+redacted)
	text = urlUser.ReplaceAllString(text, "$1")
	text = urlQuery.ReplaceAllString(text, "$1?"+redacted)
	text = secretMember.ReplaceAllString(text, "$1$2"+redacted)
	text = bearer.ReplaceAllString(text, "Bearer "+redacted)
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxTextSize {
		text = string(runes[:maxTextSize]) + "…"
	}
	return text
}

// masked keeps the last four characters of an access key, enough to tell keys
// apart.
func masked(key string) string {
	if len(key) < 8 {
		return "****"
	}
	return "****" + key[len(key)-4:]
}

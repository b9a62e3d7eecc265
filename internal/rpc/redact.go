package rpc

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

const (
	redacted       = "(redacted)"
	maxMessageSize = 600 // In runes. Longer texts are a proxy's pages, not messages.
)

var (
	// The service repeats the string to sign, which holds the key id and the
	// security token, at the end of SignatureDoesNotMatch's message.
	stringToSign = regexp.MustCompile(`(?is)\b(?:server )?string to sign\b.*`)
	// Parameters of a signed URL, whether their own text is encoded or not.
	signedParameter = regexp.MustCompile(`(?i)\b(AccessKeyId|AccessKeySecret|SecurityToken|Signature|SignatureNonce|OIDCToken)(=|%3D|%253D)[^&\s"'<>]+`)
	urlQuery        = regexp.MustCompile(`(?i)(https?://[^\s"'<>?]+)\?[^\s"'<>]+`)
	markup          = regexp.MustCompile(`(?s)<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>`)
)

// redact makes a text of the service, or of something on the way to it, fit to
// be shown: without the given secrets, strings to sign, signed parameters,
// queries of URLs, markup and control characters, and not longer than a message.
func redact(text string, secrets ...string) string {
	for _, secret := range secrets {
		if len(secret) < 4 {
			continue // Too short to be a secret, and likely part of words.
		}
		for _, form := range []string{secret, url.QueryEscape(secret), url.QueryEscape(url.QueryEscape(secret))} {
			text = strings.ReplaceAll(text, form, redacted)
		}
	}
	text = stringToSign.ReplaceAllString(text, "string to sign is "+redacted)
	text = urlQuery.ReplaceAllString(text, "$1?"+redacted)
	text = signedParameter.ReplaceAllString(text, "$1="+redacted)
	text = markup.ReplaceAllString(text, " ")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxMessageSize {
		text = string(runes[:maxMessageSize]) + "…"
	}
	return text
}

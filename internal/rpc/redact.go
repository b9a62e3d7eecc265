package rpc

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

const (
	redacted       = "(redacted)"
	maxMessageSize = 600      // In runes. Longer texts are a proxy's pages, not messages.
	maxTextSize    = 64 << 10 // In bytes, of which a message is made.
)

var (
	// The service repeats the string to sign, which holds the key id and the
	// security token, at the end of SignatureDoesNotMatch's message.
	stringToSign = regexp.MustCompile(`(?is)\b(?:server )?string[- ]?to[- ]?sign\b.*`)
	// Parameters of a signed URL, whether their own text is encoded or not. No word
	// boundary before them: an encoded separator, %26, ends in a digit.
	signedParameter = regexp.MustCompile(`(?i)(AccessKeyId|AccessKeySecret|SecurityToken|Signature|SignatureNonce|OIDCToken)(=|%3D|%253D)[^&\s"'<>]+`)
	urlQuery        = regexp.MustCompile(`(?i)(https?://[^\s"'<>?]+)\?[^\s"'<>]+`)
	urlUser         = regexp.MustCompile(`(?i)(\b[a-z][a-z0-9+.-]*://)[^/\s"'<>@]+@`)
	plainRun        = regexp.MustCompile(`[A-Za-z0-9]{8,}`) // Of a secret. A shorter one is likely part of words.
	markup          = regexp.MustCompile(`(?is)<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>`)
)

// Redact makes a text of the service, or of something on the way to it, fit to
// be shown: without the given secrets, strings to sign, signed parameters,
// queries and users of URLs, markup and control characters, and not longer than
// a message.
func Redact(text string, secrets ...string) string {
	if len(text) > maxTextSize {
		text = text[:maxTextSize]
		// Not in the middle of a secret, whose rest would not be known for one.
		if end := strings.LastIndexAny(text, " \t\r\n"); end > 0 {
			text = text[:end]
		}
	}
	text = markup.ReplaceAllString(text, " ")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	for _, secret := range secrets {
		text = withoutSecret(text, secret)
	}
	text = stringToSign.ReplaceAllString(text, "string to sign is "+redacted)
	text = urlQuery.ReplaceAllString(text, "$1?"+redacted)
	text = urlUser.ReplaceAllString(text, "$1")
	text = signedParameter.ReplaceAllString(text, "$1="+redacted)
	if runes := []rune(text); len(runes) > maxMessageSize {
		text = string(runes[:maxMessageSize]) + "…"
	}
	return text
}

// withoutSecret takes a secret out of a text. An encoding changes the characters
// of a secret that are neither letters nor digits, and there are many: URLs once
// and twice, JSON, HTML. So the runs of the others go too.
func withoutSecret(text, secret string) string {
	if len(secret) < 4 {
		return text // Too short to be a secret, and likely part of words.
	}
	for _, form := range []string{secret, url.QueryEscape(secret), url.QueryEscape(url.QueryEscape(secret))} {
		text = strings.ReplaceAll(text, form, redacted)
	}
	for _, run := range plainRun.FindAllString(secret, -1) {
		text = strings.ReplaceAll(text, run, redacted)
	}
	return text
}

package rpc

import (
	"fmt"
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
	// Parameters of a signed URL or members of JSON, encoded or not. There is no word
	// boundary before the name: an encoded separator, %26, ends in a digit.
	signedParameter = regexp.MustCompile(`(?i)(AccessKeyId|AccessKeySecret|SecurityToken|Signature|SignatureNonce|OIDCToken)` +
		`(\\?["']?(?:\s*[:=]\s*|%3D|%253D|%3A|%253A)\\?["']?)[^&\s"'<>]+`)
	urlQuery  = regexp.MustCompile(`(?i)(https?://[^\s"'<>?]+)\?[^\s"'<>]+`)
	urlUser   = regexp.MustCompile(`(?i)(\b[a-z][a-z0-9+.-]*://)[^/\s"'<>@]+@`)
	plainRun  = regexp.MustCompile(`[A-Za-z0-9]{8,}`) // Of a secret. A shorter one is likely part of words.
	requestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
)

// Redact makes a text of the service, or of something on the way to it, fit to
// be shown: without the given secrets, strings to sign, signed parameters,
// queries and users of URLs, markup and control characters, and not longer than
// a message.
func Redact(text string, secrets ...string) string {
	if len(text) > maxTextSize {
		// Not in the middle of a secret, whose rest would not be known for one.
		text = text[:strings.LastIndexAny(text[:maxTextSize], " \t\r\n")+1]
	}
	text = withoutMarkup(text)
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
	text = signedParameter.ReplaceAllString(text, redacted)
	if runes := []rune(text); len(runes) > maxMessageSize {
		text = string(runes[:maxMessageSize]) + "…"
	}
	return text
}

// redactRequestID gives the request id, or nothing where the text is none: a
// server that repeats the request may do so here too.
func redactRequestID(id Text, secrets []string) Text {
	if !requestID.MatchString(string(id)) {
		return ""
	}
	for _, secret := range secrets {
		for _, run := range plainRun.FindAllString(secret, -1) {
			if strings.Contains(string(id), run) {
				return ""
			}
		}
	}
	return id
}

// withoutSecret takes a secret out of a text, in whatever encoding. Runs of its
// letters and digits go too, for there are more encodings, and texts that are cut.
func withoutSecret(text, secret string) string {
	if len(secret) < 4 {
		return text // Too short to be a secret, and likely part of words.
	}
	text = encodings(secret).ReplaceAllString(text, redacted)
	for _, run := range plainRun.FindAllString(secret, -1) {
		text = strings.ReplaceAll(text, run, redacted)
	}
	return text
}

// encodings matches a secret in URLs, encoded any number of times, in JSON and in
// HTML. Letters and digits stand for themselves in all of them.
func encodings(secret string) *regexp.Regexp {
	var pattern strings.Builder
	for _, r := range secret {
		if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			pattern.WriteRune(r)
			continue
		}
		var percent strings.Builder
		for _, b := range []byte(string(r)) {
			fmt.Fprintf(&percent, "%%(?:25)*%02X", b)
		}
		fmt.Fprintf(&pattern, `(?i:\\*%s|%s|\\+u%04X|&#(?:0*%d|x0*%X);)`, regexp.QuoteMeta(string(r)), percent.String(), r, r, r)
	}
	return regexp.MustCompile(pattern.String())
}

// hidden matches the tag of an element whose content isn't shown.
var hidden = regexp.MustCompile(`(?i)^<(?:script|style)\b`)

// withoutMarkup replaces tags, and scripts and styles with what is in them, by
// blanks. It reads the text once, however that is made.
func withoutMarkup(text string) string {
	var plain strings.Builder
	for {
		start := strings.IndexByte(text, '<')
		if start < 0 {
			break
		}
		end := strings.IndexByte(text[start:], '>')
		if end < 0 {
			break
		}
		plain.WriteString(text[:start] + " ")
		tag := text[start : start+end]
		text = text[start+end+1:]
		if hidden.MatchString(tag) {
			text = text[strings.Index(text+"</", "</"):] // From its end tag on, or nothing.
		}
	}
	return plain.String() + text
}

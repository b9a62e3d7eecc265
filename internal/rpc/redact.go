package rpc

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	redacted       = "(redacted)"
	maxMessageSize = 600      // In characters. Longer texts aren't messages.
	maxTextSize    = 64 << 10 // In bytes, of which a message is made.
	// partSize is how many letters and digits in a row show that a word holds a secret:
	// more than chance or ordinary words have in common with one. A shorter secret has to
	// be there as a whole, and to have shortSize.
	partSize  = 16
	shortSize = 8
)

var (
	urlQuery = regexp.MustCompile(`(?i)(https?://[^\s"'<>?]+)\?[^\s"'<>]+`)
	urlUser  = regexp.MustCompile(`(?i)(\b[a-z][a-z0-9+.-]*://)[^/\s"'<>@]+@`)
	// Of credentials that a source puts in an error, nobody knows the values yet.
	named     = regexp.MustCompile(`(?i)((?:access[_-]?key[_-]?(?:id|secret)|security[_-]?token|access[_-]?token|refresh[_-]?token|oidc[_-]?token|sts[_-]?token|signature)["'\\]*\s*(?:[:=]|%(?:25)*3[ad])[\s"'\\]*)[^\s"',;&}\\]+`)
	word      = regexp.MustCompile(`[^\s"'<>,]+`)
	others    = regexp.MustCompile(`(?i)%(?:25)*[0-9a-f]{2}|\\+u[0-9a-f]{4}|&#x?[0-9a-f]+;|[^a-z0-9]`)
	requestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
)

// Redact makes foreign text fit to be shown: without words that hold a part of a secret,
// values named like one, and users and queries of URLs; in one printable, short line.
func Redact(text string, secrets ...string) string {
	if len(text) > maxTextSize {
		// Not in the middle of a secret, whose rest would not be known for one.
		text = text[:strings.LastIndexAny(text[:maxTextSize], " \t\r\n")+1]
	}
	text = strings.Join(strings.Fields(Printable(text)), " ")
	text = withoutSecrets(text, secrets)
	text = named.ReplaceAllString(text, "$1"+redacted)
	text = urlQuery.ReplaceAllString(text, "$1?"+redacted)
	text = urlUser.ReplaceAllString(text, "$1")
	if runes := []rune(text); len(runes) > maxMessageSize {
		text = string(runes[:maxMessageSize]) + "…"
	}
	return text
}

// Printable makes a text fit for a terminal: a tab or carriage return becomes a blank,
// and every other character that controls the terminal, changes the direction of the
// text, breaks the line or isn't seen at all becomes U+FFFD. Line feeds stay.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\r':
			return ' '
		case r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp):
			return utf8.RuneError
		}
		return r
	}, text)
}

// redactRequestID gives the request ID, or nothing where the text is none: a server that
// repeats the request may do so here too.
func redactRequestID(id Text, secrets []string) Text {
	if !requestID.MatchString(string(id)) || withoutSecrets(string(id), secrets) != string(id) {
		return ""
	}
	return id
}

// withoutSecrets replaces every word that holds a part of a secret, in whatever encoding.
// The string to sign, which the API repeats in SignatureDoesNotMatch, is such a word.
func withoutSecrets(text string, secrets []string) string {
	// Shorter ones are likely part of words.
	secrets = slices.DeleteFunc(slices.Clone(secrets), func(secret string) bool { return len(secret) < 4 })
	parts := map[string]bool{}
	for _, secret := range secrets {
		for _, form := range forms(secret) {
			size := min(len(form), partSize)
			for i := range len(form) - size + 1 {
				parts[form[i:i+size]] = true
			}
		}
	}
	text = word.ReplaceAllStringFunc(text, func(word string) string {
		plain := lettersAndDigits(word)
		for size := shortSize; size <= partSize; size++ {
			for i := range len(plain) - size + 1 {
				if parts[plain[i:i+size]] {
					return redacted
				}
			}
		}
		return word
	})
	for _, secret := range secrets { // Those that are very short, or of several words.
		text = strings.NewReplacer(secret, redacted, url.QueryEscape(secret), redacted).Replace(text)
	}
	return text
}

// forms are the letters and digits of a secret as they stand in a text that repeats it:
// as it is, or in base64 or hexadecimal, alone or as a part of a form. All other
// encodings leave letters and digits alone.
func forms(secret string) []string {
	list := []string{lettersAndDigits(secret)}
	for _, sent := range []string{secret, url.QueryEscape(secret)} {
		list = append(list, hex.EncodeToString([]byte(sent)))
		// What comes before shifts base64 by one or two bytes. Of the first and last
		// characters, some bits are of what is around.
		for shift, skip := range []int{0, 2, 3} {
			text := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), sent...))
			list = append(list, lettersAndDigits(text[skip:(shift+len(sent))*8/6]))
		}
	}
	return list
}

// lettersAndDigits leaves out everything else, escaped or not, and the case.
func lettersAndDigits(text string) string { return strings.ToLower(others.ReplaceAllString(text, "")) }

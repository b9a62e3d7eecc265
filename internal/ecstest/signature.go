package ecstest

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
)

// stringToSign is made of all parameters but the signature itself, sorted by name.
func stringToSign(method string, params url.Values) string {
	pairs := make([]string, 0, len(params))
	for name := range params {
		if name != "Signature" {
			pairs = append(pairs, percentEncode(name)+"="+percentEncode(params.Get(name)))
		}
	}
	slices.SortFunc(pairs, func(a, b string) int {
		// By name: "=" sorts after some of the characters that names are made of.
		nameA, _, _ := strings.Cut(a, "=")
		nameB, _, _ := strings.Cut(b, "=")
		return strings.Compare(nameA, nameB)
	})
	return method + "&%2F&" + percentEncode(strings.Join(pairs, "&"))
}

// signature is version 1.0 of the RPC style's signature.
func signature(stringToSign, secret string) string {
	mac := hmac.New(sha1.New, []byte(secret+"&"))
	mac.Write([]byte(stringToSign))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// percentEncode is RFC 3986's, which net/url does not have: space is %20, "*" is %2A and "~" stays.
func percentEncode(s string) string {
	const (
		unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
		hex        = "0123456789ABCDEF"
	)
	var b strings.Builder
	for _, c := range []byte(s) {
		if strings.IndexByte(unreserved, c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

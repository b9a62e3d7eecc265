package ecstest

import (
	"net/url"
	"testing"
)

// The vector is the one that the vendor publishes.
func TestSignature(t *testing.T) {
	t.Parallel()
	params := url.Values{}
	for name, value := range map[string]string{
		"Timestamp": "2016-02-23T12:46:24Z", "Format": "XML", "AccessKeyId": "testid", "Action": "DescribeRegions",
		"SignatureMethod": "HMAC-SHA1", "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
		"Version": "2014-05-26", "SignatureVersion": "1.0", "Signature": "not signed itself",
	} {
		params.Set(name, value)
	}
	if got, want := signature(stringToSign("GET", params), "testsecret"), "OLeaidS1JvxuMvnyHOwuJ+uX5qY="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestPercentEncode(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a b": "a%20b", "*": "%2A", "~": "~", "+": "%2B", "/": "%2F", "中": "%E4%B8%AD", "-_.aZ9": "-_.aZ9",
	} {
		if got := percentEncode(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

package ecstest

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	ecsVersion = "2014-05-26"
	stsVersion = "2015-04-01"
)

// clockTolerance is how far a request's time may be from the service's.
const clockTolerance = 15 * time.Minute

// commonParameters are those of every call of the RPC style. SignatureType is what the vendor's SDKs add, empty.
var commonParameters = []string{
	"Action", "Version", "Format", "RegionId", "Timestamp", "AccessKeyId", "SecurityToken",
	"Signature", "SignatureMethod", "SignatureVersion", "SignatureNonce", "SignatureType",
}

// checkParameters refuses parameters that are given twice. Unknown ones only count as violations, for the real service
// takes no notice of them.
func checkParameters(known func(name string) bool) func(*Exchange) *apiError {
	return func(x *Exchange) *apiError {
		for name, values := range x.Params {
			if !known(name) && !slices.Contains(commonParameters, name) {
				x.Service.violate(x.Action + ": unknown parameter " + name)
			}
			if len(values) > 1 {
				x.Service.violate(x.Action + ": parameter " + name + " is given more than once")
				return errDuplicateParameter
			}
		}
		return nil
	}
}

// checkCommon checks what every call has, signed or not.
func checkCommon(version string) func(*Exchange) *apiError {
	return func(x *Exchange) *apiError {
		if x.Request.Method != http.MethodGet && x.Request.Method != http.MethodPost {
			return errHTTPMethod
		}
		for _, name := range []string{"Version", "Timestamp"} {
			if x.Params.Get(name) == "" {
				return missingParameter(name)
			}
		}
		if x.Params.Get("Version") != version {
			return errVersion
		}
		if !strings.EqualFold(x.Params.Get("Format"), "JSON") {
			return invalidParameter("The parameter Format has to be JSON here.") // XML, the default, is not spoken here.
		}
		sent, ok := parseTime(x.Params.Get("Timestamp"), secondLayout)
		if !ok {
			return errTimestampFormat
		}
		if x.Service.clock().Sub(sent).Abs() > clockTolerance {
			return errTimestampExpired
		}
		return nil
	}
}

// isACS3 tells whether a call is signed by the newer signature, which is in its header.
func isACS3(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Authorization"), "ACS3-")
}

func refuseACS3(*Exchange) *apiError { return errACS3 }

// authenticate checks who calls: the key, the session's token, the signature and that it was not used before.
func (x *Exchange) authenticate() *apiError {
	if x.Params.Get("AccessKeyId") == "" {
		return missingParameter("AccessKeyId")
	}
	if x.Params.Get("SignatureMethod") != "HMAC-SHA1" || x.Params.Get("SignatureVersion") != "1.0" ||
		x.Params.Get("SignatureType") != "" || x.Params.Get("SignatureNonce") == "" || x.Params.Get("Signature") == "" {
		return errIncompleteSigning
	}
	secret, err := x.Service.secretOf(x.Params.Get("AccessKeyId"), x.Params.Get("SecurityToken"))
	if err != nil {
		return err
	}
	text := stringToSign(x.Request.Method, x.Params)
	if signature(text, secret) != x.Params.Get("Signature") {
		return badSignature(text)
	}
	if !x.Service.useNonce(x.Params.Get("AccessKeyId"), x.Params.Get("SignatureNonce")) {
		x.Service.violate(x.Action + ": nonce used twice")
		return errNonceUsed
	}
	return nil
}

// useNonce tells whether the nonce is new. The real service forgets nonces after a while; this one does not.
func (s *Service) useNonce(accessKeyID, nonce string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := accessKeyID + " " + nonce
	used := s.nonces[key]
	s.nonces[key] = true
	return !used
}

package rpc

import (
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
)

// Request is the part of a call that the SDK models: parameters are the fields
// of a struct that embeds it, marked by the SDK's tags
// `position:"Query" name:"..."`. Every such field must be of a string kind: the
// SDK reads nothing else.
type Request = requests.RpcRequest

// Signable is a struct that embeds [Request].
type Signable = requests.AcsRequest

// NewRequest begins a request for an action of a product, in the API version
// that its document names.
func NewRequest(product, version, action string) *Request {
	request := &Request{}
	request.InitWithApiInfo(product, version, action, "", "")
	return request
}

// Reply is what every reply has. Reply types embed it, so that one reading of
// the body gives the data and, should the service answer an error with status
// 200, the error too.
type Reply struct {
	RequestID Text `json:"RequestId" xml:"RequestId"`
	Code      Text `json:"Code" xml:"Code"`
	Message   Text `json:"Message" xml:"Message"`

	// Status is the HTTP status, which is one of success.
	Status int `json:"-" xml:"-"`
	// Date is the server's clock when it answered, to the second; zero where it
	// doesn't say.
	Date time.Time `json:"-" xml:"-"`
}

func (r *Reply) common() *Reply { return r }

// Replier is a pointer to a struct that embeds [Reply].
type Replier interface{ common() *Reply }

"""Every fixed sentence the bot may say, in one reviewable place."""

GREETING = "您好，我是智能客服，可以帮您查订单、看物流、问退换货，也可以问我商品和活动。请问有什么可以帮您？"
THANKS = "不客气，还有需要随时找我。"
GOODBYE = "好的，祝您购物愉快，再见。"
ACKNOWLEDGED = "好的，还有什么可以帮您的吗？"
IF_BOT = "我是智能客服（AI），回答依据店铺的知识和您的订单记录；需要真人的话，回复「转人工」即可。"

UNSURE = "这个问题我没有找到可靠的依据，不想随便回答误导您。"
UNSURE_AGAIN = "抱歉，这个我还是没有找到可靠的依据。"
PERHAPS = "您是不是想问下面的问题？也可以回复「转人工」请客服来处理。"
PROPOSE_PERSON = "您可以换个说法再问一次，或者回复「转人工」请客服来处理。"
TO_A_PERSON = "转人工"

# There is no desk to queue for yet, so nobody is announced: the request is kept for the people who serve.
PERSON_REQUESTED = (
    "已为您登记转人工的请求，客服看到后会在这里回复您。现在没有客服在线，等待时您可以继续问我，或留下要说的事。"
)
PERSON_REQUESTED_AGAIN = "您的转人工请求已经登记过了，客服看到后会在这里回复您。等待时您可以继续问我。"

SIGN_IN_FIRST = "查询订单需要先登录，登录后我只能看到您本人的订单。请登录后再问我一次。"
NOT_AMONG_YOURS = "没有在您名下查到这个单号，请核对一下，或确认是用下单的账号登录的。"
NO_ORDERS = "您名下还没有订单记录。如果是用别的账号下的单，请用那个账号登录后再问我。"

FAILED = "抱歉，我这边出了点问题，没能处理您的问题。请稍后再问一次，或者回复「转人工」请客服来处理。"

RATED = "感谢您的评价。"

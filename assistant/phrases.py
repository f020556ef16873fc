"""Every fixed sentence the bot may say, in one reviewable place."""

GREETING = "您好，我是智能客服，可以帮您查订单、看物流、问退换货，也可以问我商品和活动。请问有什么可以帮您？"
GREETING_MEMBER = "您好，尊敬的{level}会员，我是智能客服，查订单、看物流、问商品都可以直接说。请问有什么可以帮您？"
THANKS = "不客气，还有需要随时找我。"
GOODBYE = "好的，祝您购物愉快，再见。"
ACKNOWLEDGED = "好的，还有什么可以帮您的吗？"
IF_BOT = "我是智能客服（AI），回答依据店铺的知识和您的订单记录；需要真人的话，回复「转人工」即可。"

UNSURE = "这个我没有找到可靠的依据，不想乱说。"
UNSURE_AGAIN = "抱歉，这个我也没有找到依据。"
PERHAPS = "您是不是想问下面的？也可以回复「转人工」。"
PROPOSE_PERSON = "可以换个说法，或者回复「转人工」。"
TO_A_PERSON = "转人工"
YES = "确认"
NO = "先不用"
NOT_DONE = "好的，没有提交。需要时随时告诉我。"

# Said only in the commit that puts the shopper in the queue.
QUEUED_NEXT = "已为您转接人工客服，您是下一位，请稍候。"
QUEUED_BEHIND = "已为您转接人工客服，前面还有 {ahead} 位，请稍候。"
QUEUED_AGAIN = "正在为您转回人工客服，请稍候。"
STILL_WAITING = "客服还在忙，前面还有 {ahead} 位，请再稍等一下。"
STILL_NEXT = "客服还在忙，您是下一位，请再稍等一下。"
WAITED_LONG = "让您久等了，客服仍然很忙。您可以继续等，也可以留言由客服稍后回复，或者先问我。"
KEEP_WAITING = "继续等"
LEAVE_MESSAGE = "留言"
CANCEL_WAIT = "取消排队"
WAIT_CANCELLED = "好的，已取消排队。有问题继续问我就行。"
JOINED = "{name} 为您服务。"
AGENT_LEFT = "刚才的客服暂时离开了，正在为您换一位，您的问题不用重复说。"
TRANSFERRED = "正在为您转给更合适的客服，您的问题不用重复说。"
RELEASED = "客服已处理完毕，接下来由智能客服继续为您服务。"
HELD = "客服正在为您核实，有结果会在这里告诉您。"
IDLE_WARNING = "您还在吗？如果暂时没有其他问题，这次会话稍后会自动结束；随时可以再来找我们。"
RATE_US = "这次服务解决您的问题了吗？欢迎评价。"

# Said where nobody can be reached: the request is kept for the people who serve, and nobody is announced.
PERSON_REQUESTED = (
    "已为您登记转人工的请求，客服看到后会在这里回复您。现在没有客服在线，等待时您可以继续问我，或留下要说的事。"
)
PERSON_REQUESTED_AGAIN = "您的转人工请求已经登记过了，客服看到后会在这里回复您。等待时您可以继续问我。"
LEFT_CLOSED = (
    "已为您登记转人工的请求。现在不是人工客服时间，客服{opens}上班，看到后会在这里回复您。"
    "等待时您可以继续问我，或留下要说的事和联系电话。"
)
LEFT_WAITED = "好的，请留下要说的事和联系电话，客服看到后会在这里回复您。"
LEFT_FULL = "已为您登记转人工的请求。现在排队的人太多，客服会按顺序在这里回复您。等待时您可以继续问我，或留下要说的事。"

SIGN_IN_FIRST = (
    "查订单要先知道是您本人：登录后再问我，或者把订单号和下单手机号的后四位一起发来，我核对后为您查这一单；"
    "也可以回复「转人工」。"
)
NO_MATCH = "订单号和手机后四位对不上，请核对后再发一次；也可以登录后再问，或者回复「转人工」。"
TOO_MANY_TRIES = "核对的次数太多了，为了保护买家的信息，请登录后再问，或者回复「转人工」。"
NOT_AMONG_YOURS = "没有在您名下查到这个单号，请核对一下，或确认是用下单的账号登录的。"
NO_ORDERS = "您名下还没有订单记录。如果是用别的账号下的单，请用那个账号登录后再问我。"

REST_UNKNOWN = "其他的我没有找到可靠的依据，需要的话回复「转人工」。"
LISTENING = "我在的，您请说。"
PRAISED = "谢谢您的喜欢，有需要随时找我。"

FAILED = "抱歉，我这边出了点问题，没能处理您的问题。请稍后再问一次，或者回复「转人工」请客服来处理。"

PROPOSED = "需要我为您转人工客服吗？"

RATED = "感谢您的评价。"

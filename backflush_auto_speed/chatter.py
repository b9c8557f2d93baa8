"""The log of many orders, written by one insert.

Odoo posts a message for each change of an order's state: eight queries, twice in the
life of an order. The messages are the same here.
"""

from .switches import is_switched_off

# What a message passes on its way in. Extended by somebody we do not know, each message
# takes that way by itself.
STEPS = (
    "_message_track",
    "message_post",
    "_message_post_after_hook",
    "_message_compute_parent_id",
    "_notify_thread",
    "_notify_get_recipients",
)
KNOWN = ("mail", "rating", "sms")


def log_together(orders, fields_iter, initial_values_dict):
    """Log what has changed on backflushed orders of which nobody is to be told.

    :param orders: ``mrp.production`` recordset; see ``_message_track``
    :return: as ``_message_track``, of those orders that need no more
    """
    backflushed = orders.filtered("backflush")
    if not (fields_iter and backflushed and _is_plain(backflushed)):
        return {}
    return Log(backflushed, fields_iter, initial_values_dict).post()


def _is_plain(orders):
    """Whether nobody has a say in what is logged, and to whom."""
    data = orders.env.cr.precommit.data
    is_customized = any(
        data.get(f"mail.tracking.{what}.{orders._name}")
        for what in ("message", "author")
    )
    steps = [(orders, step, *KNOWN) for step in STEPS]
    return not is_customized and not is_switched_off("Logging many orders", *steps)


class Log:
    """The messages that tell what has changed on orders.

    :param orders: ``mrp.production`` recordset
    :param fields_iter: names of the fields that are tracked
    :param initial_values_dict: ``{order id: {name: value before}}``
    """

    def __init__(self, orders, fields_iter, initial_values_dict):
        self.orders = orders
        self.env = orders.env
        self.initial = initial_values_dict
        names = ("string", "type", "selection", "currency_field")
        tracked = orders.fields_get(fields_iter, attributes=names)
        self.tracking = {
            order.id: order._mail_track(tracked, initial_values_dict[order.id])
            for order in orders
        }

    def post(self):
        """Post the messages of which nobody is told.

        :return: ``{order id: (names of fields, commands of their values)}``
        """
        vals_list, logged = [], self.orders.browse()
        for subtype, orders in self._group_by_subtype().items():
            silent = self._filter_unheard(orders, subtype)
            logged |= silent
            vals_list += self._prepare_messages(silent, subtype)
        messages = self.orders.sudo()._message_create(vals_list)
        # Odoo makes the values of each message by themselves.
        self.env["mail.tracking.value"].sudo().create(
            [
                {**values, "mail_message_id": message.id}
                for message, vals in zip(messages, vals_list, strict=True)
                for _command, _id, values in self.tracking[vals["res_id"]][1]
            ]
        )
        return {order.id: self.tracking[order.id] for order in logged}

    def _group_by_subtype(self):
        """The orders that have changed, by the kind of message that tells it.

        Orders that went from one state to another, and whose same fields have changed,
        have one kind: it is asked of the first of them.

        :return: ``{mail.message.subtype: orders}``; none without a kind
        """
        changed = self.orders.filtered(lambda order: self.tracking[order.id][0])
        alike = changed.grouped(
            lambda order: (
                order.state,
                self.initial[order.id].get("state"),
                frozenset(self.tracking[order.id][0]),
            )
        )
        is_unknown = is_switched_off(
            "Choosing the message of many orders",
            (self.orders, "_track_subtype", "mail", "mrp"),
        )
        groups = {}
        for (*_states, changes), orders in alike.items():
            for part in orders if is_unknown else [orders]:
                initial = self.initial[part[0].id]
                values = {name: initial[name] for name in changes}
                subtype = part[0]._track_subtype(values)
                if subtype:
                    known = groups.get(subtype, self.orders.browse())
                    groups[subtype] = known | part
        return groups

    def _filter_unheard(self, orders, subtype):
        """The orders of whose changes no follower but the author is told."""
        author_id, _email = orders._message_compute_author()
        heard = self.env["mail.followers"]._get_recipient_data(
            orders, "notification", subtype.id, []
        )
        return orders.filtered(
            lambda order: not set(heard.get(order.id, ())) - {author_id}
        )

    def _prepare_messages(self, orders, subtype):
        """Values of the messages, as Odoo's ``message_post`` has them."""
        orders = orders._fallback_lang()
        author_id, email_from = orders._message_compute_author()
        companies = orders._mail_get_companies(default=self.env.company)
        domains = orders.sudo()._mail_get_alias_domains(
            default_company=self.env.company
        )
        reply_to = orders._notify_get_reply_to(default=email_from, author_id=author_id)
        parents = self._get_parent_messages(orders)
        return [
            {
                "author_id": author_id,
                "author_guest_id": False,
                "email_from": email_from,
                "email_add_signature": True,
                "model": orders._name,
                "res_id": order.id,
                "body": order._track_get_default_log_message(
                    self.tracking[order.id][0]
                ),
                "message_type": "notification",
                "parent_id": parents.get(order.id, False),
                "subject": False,
                "subtype_id": subtype.id,
                "partner_ids": [],
                "record_alias_domain_id": domains[order.id].id,
                "record_company_id": companies[order.id].id,
                "reply_to": reply_to[order.id],
            }
            for order in orders
        ]

    def _get_parent_messages(self, orders):
        """The message that each order's next one answers: the last of a person.

        :return: ``{order id: message id}``
        """
        messages = self.env["mail.message"].sudo()
        messages = messages.search_fetch(
            [
                ("res_id", "in", orders.ids),
                ("model", "=", orders._name),
                ("message_type", "!=", "user_notification"),
            ],
            ["res_id", "message_type", "date", "create_date"],
        )
        latest = messages.sorted(
            lambda message: (
                message.message_type in ("comment", "email"),
                message.date or message.create_date,
                message.id,
            )
        )
        return {message.res_id: message.id for message in latest}

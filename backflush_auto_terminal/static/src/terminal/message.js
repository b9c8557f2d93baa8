import {Component} from "@odoo/owl";
import {useOpenPosting} from "./hooks";

/** What has happened, in words that are seen, and read out. */
export class Message extends Component {
  static template = "backflush_auto_terminal.Message";
  static props = {
    message: {type: [Object, {value: null}]},
    close: Function,
  };

  setup() {
    this.openPosting = useOpenPosting();
  }
}

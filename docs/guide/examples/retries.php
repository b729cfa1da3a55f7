<?php

require 'clutch.php';

const RETRY = [1, 4, 18, 26, 28];

/** Carry a call out once, however often it has to be sent. */
function once(string $id, string $method, array $body): array
{
    foreach ([0.2, 1, 5, 20] as $wait) {
        try {
            $answer = call($method, $body, ['customRequestId' => $id]);
        } catch (RuntimeException) {
            $answer = ['errorCode' => 1]; // no answer: nobody knows whether it was carried out
        }
        $code = $answer['errorCode'] ?? 0;
        if ($code === 3) {
            return call('requestLookup', ['requestRef' => $answer['originalRequestRef']]);
        }
        if (!in_array($code, RETRY)) {
            return $answer;
        }
        usleep((int) ($wait * 1_000_000));
    }
    throw new RuntimeException("$method: no answer");
}

$amount = ['balanceType' => 'Currency', 'balanceCode' => 'USD', 'amount' => '25.00'];
$body = ['cardNumber' => newCard(), 'action' => 'issue', 'amount' => $amount];
$order = 'order-' . bin2hex(random_bytes(8));
foreach (['first', 'second'] as $nth) {
    printf("%s time: success %s\n", $nth, json_encode(once($order, 'updateBalance', $body)['success']));
}

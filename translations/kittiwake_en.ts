<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en_GB">
<context>
    <name>QObject</name>
    <message numerus="yes">
        <source>%n message(s), all as on the server</source>
        <translation>
            <numerusform>%n message, all as on the server</numerusform>
            <numerusform>%n messages, all as on the server</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kittiwake::app::MessageFiles</name>
    <message numerus="yes">
        <source>Only the first %Ln file(s) were opened. Open the others after these.</source>
        <translation>
            <numerusform>Only the first %Ln file was opened. Open the others after these.</numerusform>
            <numerusform>Only the first %Ln files were opened. Open the others after these.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kittiwake::ui::ComposerWindow</name>
    <message numerus="yes">
        <source>%Ln people will see each other&apos;s addresses.</source>
        <translation>
            <numerusform>%Ln person will see the addresses.</numerusform>
            <numerusform>%Ln people will see each other&apos;s addresses.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kittiwake::ui::Filing</name>
    <message numerus="yes">
        <source>%Ln message(s) archived.</source>
        <translation>
            <numerusform>%Ln message archived.</numerusform>
            <numerusform>%Ln messages archived.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) moved to the Trash.</source>
        <translation>
            <numerusform>%Ln message moved to the Trash.</numerusform>
            <numerusform>%Ln messages moved to the Trash.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) deleted for good.</source>
        <translation>
            <numerusform>%Ln message deleted for good.</numerusform>
            <numerusform>%Ln messages deleted for good.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) moved to the Inbox.</source>
        <translation>
            <numerusform>%Ln message moved to the Inbox.</numerusform>
            <numerusform>%Ln messages moved to the Inbox.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) marked as junk.</source>
        <translation>
            <numerusform>%Ln message marked as junk.</numerusform>
            <numerusform>%Ln messages marked as junk.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) moved to %1.</source>
        <translation>
            <numerusform>%Ln message moved to %1.</numerusform>
            <numerusform>%Ln messages moved to %1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kittiwake::ui::FolderActions</name>
    <message numerus="yes">
        <source>Delete the folder %1 and the %Ln message(s) in it for good?</source>
        <translation>
            <numerusform>Delete the folder %1 and the %Ln message in it for good?</numerusform>
            <numerusform>Delete the folder %1 and the %Ln messages in it for good?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %Ln message(s) for good?</source>
        <translation>
            <numerusform>Delete %Ln message for good?</numerusform>
            <numerusform>Delete %Ln messages for good?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) deleted for good.</source>
        <translation>
            <numerusform>%Ln message deleted for good.</numerusform>
            <numerusform>%Ln messages deleted for good.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kittiwake::ui::HeaderCard</name>
    <message numerus="yes">
        <source>and %Ln more</source>
        <translation>
            <numerusform>and %Ln more</numerusform>
            <numerusform>and %Ln more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>To %1 and %Ln more</source>
        <comment>names of recipients</comment>
        <translation>
            <numerusform>To %1 and %Ln more</numerusform>
            <numerusform>To %1 and %Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kittiwake::ui::InviteCard</name>
    <message numerus="yes">
        <source>%Ln more event(s) in the attached calendar</source>
        <translation>
            <numerusform>%Ln more event in the attached calendar</numerusform>
            <numerusform>%Ln more events in the attached calendar</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 and %Ln more</source>
        <comment>names</comment>
        <translation>
            <numerusform>%1 and %Ln more</numerusform>
            <numerusform>%1 and %Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kittiwake::ui::MailboxTreeModel</name>
    <message numerus="yes">
        <source>%1, %Ln unread message(s)</source>
        <translation>
            <numerusform>%1, %Ln unread message</numerusform>
            <numerusform>%1, %Ln unread messages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kittiwake::ui::MainWindow</name>
    <message numerus="yes">
        <source>Delete %Ln message(s) for good?</source>
        <translation>
            <numerusform>Delete %Ln message for good?</numerusform>
            <numerusform>Delete %Ln messages for good?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>You were writing %Ln message(s) when Kittiwake ended. They were kept.</source>
        <translation>
            <numerusform>You were writing %Ln message when Kittiwake ended. It was kept.</numerusform>
            <numerusform>You were writing %Ln messages when Kittiwake ended. They were kept.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kittiwake::ui::MessageListPane</name>
    <message numerus="yes">
        <source>%Ln message(s)</source>
        <translation>
            <numerusform>%Ln message</numerusform>
            <numerusform>%Ln messages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The newest %Ln message(s): the server shows no more</source>
        <translation>
            <numerusform>The newest %Ln message: the server shows no more</numerusform>
            <numerusform>The newest %Ln messages: the server shows no more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kittiwake::ui::OutgoingBar</name>
    <message numerus="yes">
        <source>A message can take %Ln file(s). Put the rest into an archive.</source>
        <translation>
            <numerusform>A message can take %Ln file. Put the rest into an archive.</numerusform>
            <numerusform>A message can take %Ln files. Put the rest into an archive.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kittiwake::ui::PendingList</name>
    <message numerus="yes">
        <source>and %Ln more</source>
        <translation>
            <numerusform>and %Ln more</numerusform>
            <numerusform>and %Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kittiwake::ui::PlainTextView</name>
    <message numerus="yes">
        <source>%Ln more line(s)</source>
        <comment>of a quote that is folded</comment>
        <translation>
            <numerusform>%Ln more line</numerusform>
            <numerusform>%Ln more lines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kittiwake::ui::PrintPreview</name>
    <message numerus="yes">
        <source>%Ln page(s)</source>
        <translation>
            <numerusform>%Ln page</numerusform>
            <numerusform>%Ln pages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kittiwake::ui::ReaderPane</name>
    <message numerus="yes">
        <source>%Ln message(s) selected.</source>
        <translation>
            <numerusform>%Ln message selected.</numerusform>
            <numerusform>%Ln messages selected.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kittiwake::ui::RemoteContent</name>
    <message numerus="yes">
        <source>%Ln item(s) that this message wanted to load from the Internet were left out to protect your privacy.</source>
        <translation>
            <numerusform>%Ln item that this message wanted to load from the Internet was left out to protect your privacy.</numerusform>
            <numerusform>%Ln items that this message wanted to load from the Internet were left out to protect your privacy.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln picture(s) from the Internet were not loaded, to protect your privacy.</source>
        <translation>
            <numerusform>%Ln picture from the Internet was not loaded, to protect your privacy.</numerusform>
            <numerusform>%Ln pictures from the Internet were not loaded, to protect your privacy.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s) look like trackers, which tell the sender that you read this; they stay blocked.</source>
        <translation>
            <numerusform>%Ln item looks like a tracker, which tells the sender that you read this; it stays blocked.</numerusform>
            <numerusform>%Ln items look like trackers, which tell the sender that you read this; they stay blocked.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln picture(s) could not be loaded.</source>
        <translation>
            <numerusform>%Ln picture could not be loaded.</numerusform>
            <numerusform>%Ln pictures could not be loaded.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kittiwake::ui::SettingsDialog</name>
    <message numerus="yes">
        <source>%Ln second(s)</source>
        <translation>
            <numerusform>%Ln second</numerusform>
            <numerusform>%Ln seconds</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kittiwake::ui::UndoSend</name>
    <message numerus="yes">
        <source>%1 is sent in %Ln second(s).</source>
        <comment>subject</comment>
        <translation>
            <numerusform>%1 is sent in %Ln second.</numerusform>
            <numerusform>%1 is sent in %Ln seconds.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::invite</name>
    <message numerus="yes">
        <source>Every %Ln day(s)</source>
        <translation>
            <numerusform>Every %Ln day</numerusform>
            <numerusform>Every %Ln days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Every %Ln week(s)</source>
        <translation>
            <numerusform>Every %Ln week</numerusform>
            <numerusform>Every %Ln weeks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Every %Ln month(s)</source>
        <translation>
            <numerusform>Every %Ln month</numerusform>
            <numerusform>Every %Ln months</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Every %Ln year(s)</source>
        <translation>
            <numerusform>Every %Ln year</numerusform>
            <numerusform>Every %Ln years</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln time(s)</source>
        <translation>
            <numerusform>%Ln time</numerusform>
            <numerusform>%Ln times</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::pending</name>
    <message numerus="yes">
        <source>Mark %Ln message(s) in %1</source>
        <translation>
            <numerusform>Mark %Ln message in %1</numerusform>
            <numerusform>Mark %Ln messages in %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %Ln message(s) from %1 to %2</source>
        <translation>
            <numerusform>Move %Ln message from %1 to %2</numerusform>
            <numerusform>Move %Ln messages from %1 to %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Copy %Ln message(s) from %1 to %2</source>
        <translation>
            <numerusform>Copy %Ln message from %1 to %2</numerusform>
            <numerusform>Copy %Ln messages from %1 to %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %Ln message(s) in %1</source>
        <translation>
            <numerusform>Delete %Ln message in %1</numerusform>
            <numerusform>Delete %Ln messages in %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %Ln message(s) in %1 for good</source>
        <translation>
            <numerusform>Delete %Ln message in %1 for good</numerusform>
            <numerusform>Delete %Ln messages in %1 for good</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Archive %Ln message(s) from %1</source>
        <translation>
            <numerusform>Archive %Ln message from %1</numerusform>
            <numerusform>Archive %Ln messages from %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %Ln message(s) from %1 to junk mail</source>
        <translation>
            <numerusform>Move %Ln message from %1 to junk mail</numerusform>
            <numerusform>Move %Ln messages from %1 to junk mail</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Take %Ln message(s) out of %1</source>
        <translation>
            <numerusform>Take %Ln message out of %1</numerusform>
            <numerusform>Take %Ln messages out of %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Change %Ln message(s) in %1</source>
        <translation>
            <numerusform>Change %Ln message in %1</numerusform>
            <numerusform>Change %Ln messages in %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The server refused %Ln change(s)</source>
        <translation>
            <numerusform>The server refused %Ln change</numerusform>
            <numerusform>The server refused %Ln changes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln change(s) wait for the server</source>
        <translation>
            <numerusform>%Ln change waits for the server</numerusform>
            <numerusform>%Ln changes wait for the server</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::verify</name>
    <message numerus="yes">
        <source>%Ln message(s) of the server are not here</source>
        <translation>
            <numerusform>%Ln message of the server is not here</numerusform>
            <numerusform>%Ln messages of the server are not here</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) shown here are gone on the server</source>
        <translation>
            <numerusform>%Ln message shown here is gone on the server</numerusform>
            <numerusform>%Ln messages shown here are gone on the server</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) have other flags on the server</source>
        <translation>
            <numerusform>%Ln message has other flags on the server</numerusform>
            <numerusform>%Ln messages have other flags on the server</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) are damaged here</source>
        <translation>
            <numerusform>%Ln message is damaged here</numerusform>
            <numerusform>%Ln messages are damaged here</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The server told nothing of %Ln message(s)</source>
        <translation>
            <numerusform>The server told nothing of %Ln message</numerusform>
            <numerusform>The server told nothing of %Ln messages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Compared %Ln message(s) with the server.</source>
        <translation>
            <numerusform>Compared %Ln message with the server.</numerusform>
            <numerusform>Compared %Ln messages with the server.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln folder(s) were repaired.</source>
        <translation>
            <numerusform>%Ln folder was repaired.</numerusform>
            <numerusform>%Ln folders were repaired.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln folder(s) are not as on the server.</source>
        <translation>
            <numerusform>%Ln folder is not as on the server.</numerusform>
            <numerusform>%Ln folders are not as on the server.</numerusform>
        </translation>
    </message>
</context>
</TS>

"""Words that go around a question and change nothing of it: greetings, thanks, asides.

None of them holds a number, a name, a day or a question of its own.
"""

from __future__ import annotations

OPENERS = {
    "en": ("Hello!", "Hi there!", "Good day!", "Excuse me, I have a question.",
           "Hi, quick question:"),
    "es": ("¡Hola!", "¡Buenas!", "Buenos días.", "Perdone, tengo una pregunta.",
           "Hola, una consulta:"),
    "de": ("Hallo!", "Guten Tag!", "Schönen guten Tag!", "Entschuldigung, ich habe eine Frage.",
           "Hallo, kurze Frage:"),
    "fr": ("Bonjour !", "Bonjour à vous !", "Bonjour, une petite question :",
           "Excusez-moi, j'ai une question.", "Bonjour, je me permets de vous écrire."),
    "pt": ("Olá!", "Oi!", "Bom dia!", "Com licença, tenho uma pergunta.",
           "Olá, uma pergunta rápida:"),
}  # fmt: skip
CLOSERS = {
    "en": ("Thank you!", "Thanks in advance.", "Many thanks!", "Thanks for your help."),
    "es": ("¡Gracias!", "Gracias de antemano.", "¡Muchas gracias!", "Gracias por su ayuda."),
    "de": ("Danke!", "Vielen Dank im Voraus.", "Besten Dank!", "Danke für Ihre Hilfe."),
    "fr": ("Merci !", "Merci d'avance.", "Merci beaucoup !", "Merci pour votre aide."),
    "pt": ("Obrigado!", "Desde já, obrigado.", "Muito obrigado!", "Agradeço a ajuda."),
}
LEADS = {
    "en": ("Could you tell me", "Can you please tell me", "Would you mind telling me"),
    "es": ("¿Podría decirme", "¿Me puede decir", "¿Sería tan amable de decirme",
           "¿Me puedes decir", "¿Podrías decirme"),
    "de": ("Können Sie mir bitte sagen,", "Könnten Sie mir sagen,", "Würden Sie mir bitte sagen,",
           "Kannst du mir sagen,", "Könntest du mir bitte sagen,"),
    "fr": ("Pourriez-vous me dire", "Pouvez-vous me dire", "Est-ce que vous pourriez me dire",
           "Peux-tu me dire", "Pourrais-tu me dire"),
    "pt": ("Poderia me dizer", "Pode me dizer", "Você poderia me dizer, por favor,"),
}  # fmt: skip
"""What stands before an indirect question."""
HESITATIONS = {
    "en": ("Um,", "So,", "Well,", "Okay, so,", "Hmm, well,", "Right, so,"),
    "es": ("A ver,", "Bueno,", "Pues,", "Eh,", "Bueno, a ver,", "Mmm, pues,"),
    "de": ("Ähm,", "Also,", "Hm,", "Na ja,", "Ähm, also,", "Okay, also,"),
    "fr": ("Euh,", "Alors,", "Bon,", "Ben,", "Alors voilà,", "Euh, bon,"),
    "pt": ("Então,", "Bom,", "Hum,", "Olha,", "Bem,", "Hum, então,"),
}
"""What people begin with before they know how to go on."""
ASIDES = {
    "en": (
        "It has been raining here all morning.",
        "The cat is asleep on my keyboard.",
        "My tea has gone cold again.",
        "Sorry for the noise, they are painting the hallway.",
        "I am writing this from the sofa.",
        "The sun has finally come out.",
        "The birds are very loud this morning.",
        "I had soup for lunch, and it was good.",
        "There is a lovely smell of bread in the kitchen.",
        "My neighbours are practising the piano.",
        "It is so windy that the windows rattle.",
        "The garden looks green after all that rain.",
    ),
    "es": (
        "Aquí lleva toda la mañana lloviendo.",
        "El gato se ha dormido sobre mi teclado.",
        "Se me ha vuelto a enfriar el té.",
        "Perdón por el ruido, están pintando el pasillo.",
        "Escribo esto desde el sofá.",
        "Por fin ha salido el sol.",
        "Los pájaros cantan mucho esta mañana.",
        "He comido una sopa muy rica.",
        "La cocina huele a pan recién hecho.",
        "Los vecinos están tocando el piano.",
        "Hace tanto viento que tiemblan las ventanas.",
        "El jardín está muy verde después de tanta lluvia.",
    ),
    "de": (
        "Hier regnet es schon den ganzen Morgen.",
        "Die Katze schläft auf meiner Tastatur.",
        "Mein Tee ist schon wieder kalt geworden.",
        "Entschuldigung für den Lärm, hier wird der Flur gestrichen.",
        "Ich schreibe das gerade vom Sofa aus.",
        "Endlich ist die Sonne herausgekommen.",
        "Die Vögel sind heute Morgen sehr laut.",
        "Zu Mittag gab es eine gute Suppe.",
        "Aus der Küche riecht es nach frischem Brot.",
        "Die Nachbarn üben gerade Klavier.",
        "Es ist so windig, dass die Fenster klappern.",
        "Der Garten ist nach dem vielen Regen ganz grün.",
    ),
    "fr": (
        "Il pleut ici depuis ce matin.",
        "Le chat s'est endormi sur mon clavier.",
        "Mon thé est encore froid.",
        "Désolé pour le bruit, on repeint le couloir.",
        "Je vous écris depuis mon canapé.",
        "Le soleil est enfin sorti.",
        "Les oiseaux chantent sans arrêt depuis ce matin.",
        "J'ai mangé une bonne soupe à midi.",
        "La cuisine sent bon le pain frais.",
        "Les voisins jouent du piano.",
        "Il y a tant de vent que les fenêtres tremblent.",
        "Le jardin est bien vert après toute cette pluie.",
    ),
    "pt": (
        "Aqui está chovendo desde cedo.",
        "O gato dormiu em cima do meu teclado.",
        "Meu chá esfriou de novo.",
        "Desculpe o barulho, estão pintando o corredor.",
        "Estou escrevendo do sofá.",
        "O sol finalmente apareceu.",
        "Os passarinhos estão cantando muito.",
        "Almocei uma sopa muito boa.",
        "A cozinha está com cheiro de pão quente.",
        "Os vizinhos estão tocando piano.",
        "Está ventando tanto que as janelas tremem.",
        "O jardim ficou bem verde depois da chuva.",
    ),
}
"""What has nothing to do with any question: the small talk before or after one."""
